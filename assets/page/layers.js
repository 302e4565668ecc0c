// What blocks are made of, forward and back, in float64. A state is [example, unit], of a convolution
// [example, channel, row, column]; nothing that is handed in is written to.

import {
  PIXELS,
  added,
  divided,
  erf,
  largest,
  length,
  lengths,
  multiply,
  transposed,
  turned,
  unfold,
} from "./arithmetic.js";

const EPSILON = 1e-5; // of batch normalisation (Ioffe & Szegedy 2015)

/** W x + b with a matrix; weight: [n, n], bias: [n] or null. */
export class Matrix {
  constructor({ batch, width }, weight, bias) {
    Object.assign(this, { batch, width, weight, bias });
  }

  forward(x) {
    const { batch, width } = this;
    const y = new Float64Array(x.length);
    this.entered = lengths(x, batch);
    multiply(x, this.weight, y, batch, width, width);
    if (this.bias) for (let i = 0; i < y.length; i++) y[i] += this.bias[i % width];
    return y;
  }

  back(g) {
    const { batch, width } = this;
    const out = new Float64Array(g.length);
    multiply(g, transposed(this.weight, width, width), out, batch, width, width);
    return out;
  }

  /** ‖∂ℓ_i/∂W‖ of every example i: of a product δ_i x_iᵀ it is ‖δ_i‖·‖x_i‖. */
  told(g) {
    return lengths(g, this.batch).map((size, i) => size * this.entered[i]);
  }
}

/** A 3×3 convolution with zero padding; weight: [n, n, 3, 3], bias: [n] or null. */
export class Convolution {
  constructor({ batch, width }, weight, bias) {
    Object.assign(this, { batch, width, weight, bias });
  }

  forward(x) {
    this.entered = x;
    const y = this.convolve(x, this.weight);
    if (this.bias) for (let i = 0; i < y.length; i++) y[i] += this.bias[Math.floor(i / PIXELS) % this.width];
    return y;
  }

  back(g) {
    return this.convolve(g, turned(this.weight, this.width));
  }

  convolve(x, weight) {
    const { batch, width } = this;
    const units = width * PIXELS;
    const y = new Float64Array(x.length);
    const windows = new Float64Array(PIXELS * width * 9);
    for (let i = 0; i < batch; i++) {
      unfold(x.subarray(i * units, (i + 1) * units), width, windows, width * 9, 1);
      multiply(weight, windows, y.subarray(i * units, (i + 1) * units), width, width * 9, PIXELS);
    }
    return y;
  }

  /** ‖∂ℓ_i/∂W‖ of every example i. */
  told(g) {
    const { batch, width } = this;
    const units = width * PIXELS;
    const windows = new Float64Array(PIXELS * width * 9);
    const gradient = new Float64Array(width * width * 9);
    const product = (delta, x) => {
      unfold(x, width, windows, 1, PIXELS);
      multiply(delta, windows, gradient, width, PIXELS, width * 9);
      return length(gradient);
    };
    return Float64Array.from({ length: batch }, (_, i) => {
      const delta = g.subarray(i * units, (i + 1) * units);
      const x = this.entered.subarray(i * units, (i + 1) * units);
      const size = product(delta, x);
      if (size > 1e-140 && size < 1e140) return size;
      const high = largest(delta); // else both factors are brought to 1 first
      const deep = largest(x);
      return product(divided(delta, high), divided(x, deep)) * high * deep;
    });
  }
}

/** Batch normalisation with the statistics of the batch at hand; its affine part is the identity. */
export class BatchNorm {
  constructor({ batch, width, block }) {
    Object.assign(this, { batch, width, span: block === "conv" ? PIXELS : 1 });
  }

  /** Σ x·y over batch and pixels by the count of these, for every channel. */
  means(x, y) {
    const { batch, width, span } = this;
    const sums = new Float64Array(width);
    for (let run = 0, at = 0; run < batch * width; run++) {
      let sum = 0;
      for (const end = at + span; at < end; at++) sum += x[at] * y[at];
      sums[run % width] += sum;
    }
    return sums.map((sum) => sum / (batch * span));
  }

  /** factor·(x − shift − tilt·y), by channel. */
  combined(factor, x, shift, tilt, y) {
    const { batch, width, span } = this;
    const out = new Float64Array(x.length);
    for (let run = 0, at = 0; run < batch * width; run++) {
      const c = run % width;
      for (const end = at + span; at < end; at++) out[at] = factor[c] * (x[at] - shift[c] - tilt[c] * y[at]);
    }
    return out;
  }

  forward(x) {
    const one = new Float64Array(this.width).fill(1);
    const none = new Float64Array(this.width);
    const ones = new Float64Array(x.length).fill(1);
    const centred = this.combined(one, x, this.means(x, ones), none, x);
    this.inverse = this.means(centred, centred).map((variance) => 1 / Math.sqrt(variance + EPSILON));
    this.normal = this.combined(this.inverse, centred, none, none, x);
    return this.normal;
  }

  back(g) {
    const ones = new Float64Array(g.length).fill(1);
    return this.combined(this.inverse, g, this.means(g, ones), this.means(g, this.normal), this.normal);
  }
}

// φ, and φ' from φ's output and, for gelu, its input.
const ACTIVATIONS = {
  tanh: [Math.tanh, (y) => 1 - y * y],
  relu: [(x) => (x > 0 ? x : x === x ? 0 : x), (y) => (y > 0 ? 1 : 0)],
  sigmoid: [(x) => 1 / (1 + Math.exp(-x)), (y) => y * (1 - y)],
  gelu: [
    (x) => 0.5 * x * (1 + erf(x * Math.SQRT1_2)),
    (_, x) => 0.5 * (1 + erf(x * Math.SQRT1_2)) + (x * Math.exp(-0.5 * x * x)) / Math.sqrt(2 * Math.PI),
  ],
};

export class Activation {
  constructor(name) {
    [this.phi, this.slope] = ACTIVATIONS[name];
  }

  forward(x) {
    this.x = x;
    this.y = new Float64Array(x.length);
    const phi = this.phi;
    for (let i = 0; i < x.length; i++) this.y[i] = phi(x[i]);
    return this.y;
  }

  back(g) {
    const { x, y, slope } = this;
    const out = new Float64Array(g.length);
    for (let i = 0; i < g.length; i++) out[i] = g[i] * slope(y[i], x[i]);
    return out;
  }
}
