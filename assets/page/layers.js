// What blocks are made of, forward and back, in float64. A state is [example, unit], of a convolution
// [example, channel, row, column]; nothing that is handed in is written to.

export const SIDE = 8;
export const PIXELS = SIDE * SIDE;
const EPSILON = 1e-5; // of batch normalisation (Ioffe & Szegedy 2015)

/** ‖x‖, for numbers of any size: where squares would leave float64, the largest entry is taken out first. */
export function length(x) {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i] * x[i];
  if (sum > 1e-280 && sum < 1e280) return Math.sqrt(sum);
  let largest = 0;
  for (let i = 0; i < x.length; i++) {
    if (Number.isNaN(x[i])) return NaN;
    largest = Math.max(largest, Math.abs(x[i]));
  }
  if (largest === 0 || largest === Infinity) return largest;
  sum = 0;
  for (let i = 0; i < x.length; i++) sum += (x[i] / largest) ** 2;
  return Math.sqrt(sum) * largest;
}

/** ⟨part, whole⟩ / ‖whole‖²: the share of a vector that one summand makes up; NaN of nothing. */
export function shareOf(part, whole, size) {
  let sum = 0;
  for (let i = 0; i < part.length; i++) sum += (part[i] / size) * (whole[i] / size);
  return Number.isFinite(sum) ? sum : NaN;
}

/** x + βy. */
export function added(x, y, beta) {
  const out = new Float64Array(x.length);
  for (let i = 0; i < out.length; i++) out[i] = x[i] + beta * y[i];
  return out;
}

/** Y = X Wᵀ; X: [rows, inner], W: [columns, inner], Y: [rows, columns]. Four rows by four columns at a time. */
export function multiply(X, W, Y, rows, inner, columns) {
  const fullRows = rows - (rows % 4);
  const fullColumns = columns - (columns % 4);
  for (let r = 0; r < fullRows; r += 4) {
    const [x0, x1, x2, x3] = [r * inner, (r + 1) * inner, (r + 2) * inner, (r + 3) * inner];
    for (let c = 0; c < fullColumns; c += 4) {
      const [w0, w1, w2, w3] = [c * inner, (c + 1) * inner, (c + 2) * inner, (c + 3) * inner];
      let y00 = 0, y01 = 0, y02 = 0, y03 = 0, y10 = 0, y11 = 0, y12 = 0, y13 = 0;
      let y20 = 0, y21 = 0, y22 = 0, y23 = 0, y30 = 0, y31 = 0, y32 = 0, y33 = 0;
      for (let k = 0; k < inner; k++) {
        const a = X[x0 + k], b = X[x1 + k], d = X[x2 + k], e = X[x3 + k];
        const p = W[w0 + k], q = W[w1 + k], s = W[w2 + k], t = W[w3 + k];
        y00 += a * p; y01 += a * q; y02 += a * s; y03 += a * t;
        y10 += b * p; y11 += b * q; y12 += b * s; y13 += b * t;
        y20 += d * p; y21 += d * q; y22 += d * s; y23 += d * t;
        y30 += e * p; y31 += e * q; y32 += e * s; y33 += e * t;
      }
      let at = r * columns + c;
      Y[at] = y00; Y[at + 1] = y01; Y[at + 2] = y02; Y[at + 3] = y03;
      at += columns;
      Y[at] = y10; Y[at + 1] = y11; Y[at + 2] = y12; Y[at + 3] = y13;
      at += columns;
      Y[at] = y20; Y[at + 1] = y21; Y[at + 2] = y22; Y[at + 3] = y23;
      at += columns;
      Y[at] = y30; Y[at + 1] = y31; Y[at + 2] = y32; Y[at + 3] = y33;
    }
  }
  for (let r = 0; r < rows; r++)
    for (let c = r < fullRows ? fullColumns : 0; c < columns; c++) {
      let sum = 0;
      for (let k = 0; k < inner; k++) sum += X[r * inner + k] * W[c * inner + k];
      Y[r * columns + c] = sum;
    }
}

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

/** The error function: Taylor's series near 0, the continued fraction of erfc beyond (Abramowitz & Stegun 7.1.5, 7.1.14). */
function erf(x) {
  const a = Math.abs(x);
  if (a > 6) return Math.sign(x);
  if (a < 2.4) {
    let term = x;
    let sum = x;
    for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
      term *= -(a * a) / n;
      sum += term / (2 * n + 1);
    }
    return (sum * 2) / Math.sqrt(Math.PI);
  }
  let fraction = a;
  for (let n = 40; n > 0; n--) fraction = a + n / 2 / fraction;
  return Math.sign(x) * (1 - Math.exp(-a * a) / (Math.sqrt(Math.PI) * fraction));
}

function lengths(x, batch) {
  const units = x.length / batch;
  return Float64Array.from({ length: batch }, (_, i) => length(x.subarray(i * units, (i + 1) * units)));
}

/** The largest entry in size; 1 if that is no number to divide by. */
function largest(x) {
  let found = 0;
  for (let i = 0; i < x.length; i++) found = Math.max(found, Math.abs(x[i]));
  return found > 0 && found < Infinity ? found : 1;
}

const divided = (x, by) => x.map((value) => value / by);

/** [columns, rows] from [rows, columns]. */
export function transposed(matrix, rows, columns) {
  const out = new Float64Array(matrix.length);
  for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) out[c * rows + r] = matrix[r * columns + c];
  return out;
}

/** The kernel by which a gradient goes back: inputs and outputs exchanged, each 3×3 turned by half a turn. */
function turned(weight, width) {
  const out = new Float64Array(weight.length);
  for (let o = 0; o < width; o++)
    for (let i = 0; i < width; i++)
      for (let k = 0; k < 9; k++) out[(i * width + o) * 9 + 8 - k] = weight[(o * width + i) * 9 + k];
  return out;
}

/** What a zero-padded 3×3 kernel sees of one image: number k of pixel p, of channel and place in the window, at
 * p·byPixel + k·byPlace of `windows`. */
export function unfold(image, channels, windows, byPixel, byPlace) {
  windows.fill(0);
  for (let c = 0; c < channels; c++)
    for (let place = 0; place < 9; place++) {
      const down = Math.floor(place / 3) - 1;
      const right = (place % 3) - 1;
      const to = (c * 9 + place) * byPlace;
      for (let row = Math.max(0, -down); row < Math.min(SIDE, SIDE - down); row++) {
        const from = c * PIXELS + (row + down) * SIDE + right;
        for (let column = Math.max(0, -right); column < Math.min(SIDE, SIDE - right); column++)
          windows[(row * SIDE + column) * byPixel + to] = image[from + column];
      }
    }
}
