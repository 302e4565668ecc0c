// What enters the networks of a seed, and what is drawn for them: sim/nets/data.py, in the browser.
import { Generator } from "./random.js";
import { PIXELS, SIDE, length, multiply, transposed, unfold } from "./arithmetic.js";

const CLASSES = 10;
const STREAMS = { batch: 0, stem: 1, weights: 2, biases: 3, readout: 4, cotangent: 5, shortcuts: 6 };
const stream = (seed, name, ...index) => new Generator([seed, STREAMS[name], ...index]);

/** h_0 and the labels. digits: { x: all images [image, 64] as whole numbers from 0 to 16, y: their labels }. */
export function drawBatch(net, seed, digits) {
  const rng = stream(seed, "batch");
  if (net.input === "gaussian") {
    const hidden = rng.normals(net.batch * net.units);
    return { hidden, labels: Int32Array.from({ length: net.batch }, () => rng.below(CLASSES)) };
  }
  const chosen = rng.permutation(digits.y.length).subarray(0, net.batch);
  const images = new Float64Array(net.batch * PIXELS);
  chosen.forEach((image, i) => {
    for (let k = 0; k < PIXELS; k++) images[i * PIXELS + k] = digits.x[image * PIXELS + k] / 16;
  });
  const stem = net.block === "conv" ? convolutionalStem : matrixStem;
  return { hidden: stem(net, seed, images, momentsOf(digits)), labels: chosen.map((image) => digits.y[image]) };
}

/** Pixels, standardised; through a random projection where the width is not theirs. */
function matrixStem({ batch, width }, seed, images, { centre, spread }) {
  const pixels = images.map((value) => (value - centre) / spread);
  if (width === PIXELS) return pixels;
  const projection = transposed(stream(seed, "stem").normals(PIXELS * width), PIXELS, width);
  const hidden = new Float64Array(batch * width);
  multiply(pixels, projection, hidden, batch, PIXELS, width);
  return hidden.map((value) => value / SIDE);
}

/** A random 3×3 convolution to `width` channels, each standardised over the whole set, and a ReLU. */
function convolutionalStem({ batch, width, units }, seed, images, { mean, covariance }) {
  const kernel = stream(seed, "stem").normals(width * 9);
  const hidden = new Float64Array(batch * units);
  const windows = new Float64Array(PIXELS * 9);
  for (let c = 0; c < width; c++) {
    const k = kernel.subarray(c * 9, c * 9 + 9).map((value) => value / 3);
    let variance = 0;
    for (let i = 0; i < 9; i++) for (let j = 0; j < 9; j++) variance += k[i] * covariance[i * 9 + j] * k[j];
    const deviation = Math.sqrt(variance);
    for (let i = 0; i < batch; i++) {
      unfold(images.subarray(i * PIXELS, (i + 1) * PIXELS), 1, windows, 9, 1);
      for (let pixel = 0; pixel < PIXELS; pixel++) {
        let sum = 0;
        for (let j = 0; j < 9; j++) sum += k[j] * (windows[pixel * 9 + j] - mean[j]);
        hidden[(i * width + c) * PIXELS + pixel] = Math.max(sum / deviation, 0);
      }
    }
  }
  return hidden;
}

/** Mean and deviation of all pixels; mean [9] and covariance [9, 9] of all 3×3 windows. Computed once. */
function momentsOf(digits) {
  return (digits.moments ??= { ...pixelMoments(digits.x), ...windowMoments(digits) });
}

function pixelMoments(x) {
  let sum = 0;
  let squares = 0; // of whole numbers: exact
  for (let i = 0; i < x.length; i++) {
    sum += x[i];
    squares += x[i] * x[i];
  }
  return { centre: sum / x.length / 16, spread: Math.sqrt(squares * x.length - sum * sum) / x.length / 16 };
}

function windowMoments({ x, y }) {
  const windows = new Float64Array(PIXELS * 9);
  const sums = new Float64Array(9);
  const products = new Float64Array(81); // sums of whole numbers, too
  for (let image = 0; image < y.length; image++) {
    unfold(x.subarray(image * PIXELS, (image + 1) * PIXELS), 1, windows, 9, 1);
    for (let at = 0; at < windows.length; at += 9)
      for (let i = 0; i < 9; i++) {
        sums[i] += windows[at + i];
        for (let j = 0; j < 9; j++) products[i * 9 + j] += windows[at + i] * windows[at + j];
      }
  }
  const count = y.length * PIXELS;
  const mean = sums.map((sum) => sum / count / 16);
  const covariance = products.map(
    (product, at) => (product * count - sums[Math.floor(at / 9)] * sums[at % 9]) / count / count / 256,
  );
  return { mean, covariance };
}

/** Normal numbers for the weights of one layer, before their scale. */
export const drawWeights = (net, seed, block, layer) =>
  stream(seed, "weights", block, layer).normals(net.width * net.fanIn);

/** Weights of a block's projection or gate, N(0, gain²/width): [n, n]. */
export function drawMixing(net, seed, block) {
  const scale = net.gain / Math.sqrt(net.width);
  return stream(seed, "shortcuts", block)
    .normals(net.width * net.width)
    .map((value) => value * scale);
}

/** Biases of one layer: even on ±1/√fan_in for "torch", else N(0, bias_std²); null if all are 0. */
export function drawBiases(net, seed, block, layer) {
  if (net.bias !== "torch" && net.bias_std === 0) return null;
  const rng = stream(seed, "biases", block, layer);
  if (net.bias !== "torch") return rng.normals(net.width).map((value) => value * net.bias_std);
  return new Float64Array(net.width).map(() => (2 * rng.even() - 1) / Math.sqrt(net.fanIn));
}

/** ∂ℓ/∂h_L as a function of h_L: of the cross-entropy of a fixed read-out, or one unit vector per example. */
export function cotangentOf(net, seed, labels) {
  if (net.cotangent === "random") {
    const drawn = stream(seed, "cotangent").normals(net.batch * net.units);
    for (let i = 0; i < net.batch; i++) {
      const one = drawn.subarray(i * net.units, (i + 1) * net.units);
      const size = length(one);
      one.forEach((value, k) => (one[k] = value / size));
    }
    return () => drawn;
  }
  const readout = stream(seed, "readout")
    .normals(CLASSES * net.width)
    .map((value) => value / Math.sqrt(net.width));
  return (h) => lossGradient(net, h, readout, labels);
}

function lossGradient({ batch, width, units }, h, readout, labels) {
  const span = units / width; // of a convolution the average of each channel is read
  const pooled = Float64Array.from({ length: batch * width }, (_, at) => {
    let sum = 0;
    for (let k = at * span; k < (at + 1) * span; k++) sum += h[k];
    return sum / span;
  });
  const logits = new Float64Array(batch * CLASSES);
  multiply(pooled, readout, logits, batch, width, CLASSES);
  const g = new Float64Array(h.length);
  for (let i = 0; i < batch; i++) {
    const row = logits.subarray(i * CLASSES, (i + 1) * CLASSES);
    const top = Math.max(...row);
    const chances = row.map((value) => Math.exp(value - top));
    const sum = chances.reduce((a, b) => a + b);
    for (let c = 0; c < width; c++) {
      let slope = 0;
      for (let k = 0; k < CLASSES; k++)
        slope += (chances[k] / sum - (k === labels[i] ? 1 : 0)) * readout[k * width + c];
      g.fill(slope / span, (i * width + c) * span, (i * width + c + 1) * span);
    }
  }
  return g;
}
