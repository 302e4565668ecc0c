// Shortcuts that are not the identity, of a residual network H = S(x) + βF(x): sim/nets/shortcuts.py, in the browser.
import { PIXELS, multiply, transposed } from "./arithmetic.js";

/** λx. */
class Scaled {
  constructor(scale) {
    this.scale = scale;
  }

  forward(x) {
    return x.map((value) => this.scale * value);
  }

  back(g) {
    return this.forward(g);
  }
}

/** Wx; weight: [n, n]. */
class Projection {
  constructor(net, weight) {
    Object.assign(this, { net, weight });
  }

  forward(x) {
    return mixed(this.weight, x, this.net);
  }

  back(g) {
    return mixed(transposed(this.weight, this.net.width, this.net.width), g, this.net);
  }
}

/** (1 − σ(Wx + b)) ⊙ x; weight: [n, n]. */
class Gate {
  constructor(net, weight) {
    Object.assign(this, { net, weight });
  }

  forward(x) {
    const moved = mixed(this.weight, x, this.net);
    this.open = moved.map((value) => 1 / (1 + Math.exp(value + this.net.gate_bias)));
    this.slope = this.open.map((open, i) => -x[i] * open * (1 - open));
    return this.open.map((open, i) => open * x[i]);
  }

  back(g) {
    const slanted = this.slope.map((slope, i) => slope * g[i]);
    const across = mixed(transposed(this.weight, this.net.width, this.net.width), slanted, this.net);
    return across.map((value, i) => this.open[i] * g[i] + value);
  }
}

/** What carries x past the branch of a block; null if that is the identity. draw: gives the weights, where there are any. */
export function shortcutOf(net, draw) {
  if (net.skip_scale === "projection") return new Projection(net, draw());
  if (net.skip_scale === "gate") return new Gate(net, draw());
  return net.skip_scale === 1 ? null : new Scaled(net.skip_scale);
}

/** W x along units, or along the channels of every pixel. */
function mixed(weight, x, { block, batch, width }) {
  const y = new Float64Array(x.length);
  if (block !== "conv") multiply(x, weight, y, batch, width, width);
  else
    for (let from = 0; from < x.length; from += width * PIXELS) {
      const image = transposed(x.subarray(from, from + width * PIXELS), width, PIXELS);
      multiply(weight, image, y.subarray(from, from + width * PIXELS), width, width, PIXELS);
    }
  return y;
}
