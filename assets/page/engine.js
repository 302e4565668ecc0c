// The simulator's `profile`, in the browser: the same random numbers, the same networks, float64. What its fields mean
// stands in sim/experiments/profile.py; tests/page compares the two.
import { PIXELS, added, length, shareOf } from "./arithmetic.js";
import { Activation, BatchNorm, Convolution, Matrix } from "./layers.js";
import { cotangentOf, drawBatch, drawBiases, drawMixing, drawWeights } from "./inputs.js";
import { shortcutOf } from "./shortcuts.js";

// What F does, by order and number of layers: W a layer, N the norm, a the activation.
const BRANCHES = {
  literal: ["WNa", "WNaWNa"],
  open: ["WN", "WNaWN"],
  post: ["WN", "WNaWN"],
  pre: ["NaW", "NaWNaW"],
};
const KEPT = 2 ** 24; // normal numbers that a cache holds at most

/** Parameters of [profile] with numbers for words; gains: what the words for weight scales mean. */
export function resolved(params, gains) {
  const { gain, branch_scale: beta, depth, block, width } = params;
  return {
    ...params,
    gain: typeof gain === "string" ? gains[gain] : gain,
    branch_scale: typeof beta === "string" ? depth ** -0.5 : beta,
    units: block === "conv" ? width * PIXELS : width,
    fanIn: block === "conv" ? width * 9 : width,
  };
}

/** Numbers that one seed keeps between its forward and its backward pass, about. */
export function kept(net) {
  const state = net.batch * net.units;
  const steps = BRANCHES[net.order][net.layers_per_block - 1].length + 2;
  const gate = net.skip_scale === "gate" ? 2 * state : 0;
  return net.depth * (steps * state + gate + 2 * net.layers_per_block * net.width * net.fanIn);
}

/**
 * One seed of a plain and a residual network with the same weights.
 *
 * net: what `resolved` gives. digits: see drawBatch. cache: weights drawn before, to be used again.
 * Gives signal, weightGradient, rms: [skip][…], and ratio, share: […] of the residual network.
 */
export function profileSeed(net, seed, digits, cache = new Map()) {
  const blocks = drawBlocks(net, seed, cache);
  const { hidden, labels } = drawBatch(net, seed, digits);
  const sendBack = cotangentOf(net, seed, labels);
  const shortcut = (block) => shortcutOf(net, () => drawMixing(net, seed, block));
  const plain = trace(net, blocks, hidden, sendBack);
  const residual = trace(net, blocks, hidden, sendBack, shortcut);
  return {
    signal: [plain.signal, residual.signal],
    weightGradient: [plain.weightGradient, residual.weightGradient],
    rms: [plain.rms, residual.rms],
    ratio: residual.ratio,
    share: residual.share,
  };
}

/** Weights and biases of all layers of all blocks: [block][layer]. */
function drawBlocks(net, seed, cache) {
  const scale = net.gain / Math.sqrt(net.fanIn);
  const numbers = net.width * net.fanIn;
  return Array.from({ length: net.depth }, (_, block) =>
    Array.from({ length: net.layers_per_block }, (_, layer) => {
      const name = [seed, net.block, net.width, block, layer].join();
      if (!cache.has(name)) {
        if ((cache.size + 1) * numbers > KEPT) cache.clear();
        cache.set(name, drawWeights(net, seed, block, layer));
      }
      const weight = cache.get(name).map((value) => value * scale);
      return { weight, bias: drawBiases(net, seed, block, layer) };
    }),
  );
}

/** The stages of a branch, or of what follows the sum. */
function stagesOf(net, steps, layers = []) {
  const rest = [...layers];
  const Layer = net.block === "conv" ? Convolution : Matrix;
  return [...steps].flatMap((step) => {
    if (step === "W") {
      const { weight, bias } = rest.shift();
      return new Layer(net, weight, bias);
    }
    if (step === "N") return net.norm === "batch" ? new BatchNorm(net) : [];
    return net.activation === "linear" ? [] : new Activation(net.activation);
  });
}

/** There and back. shortcut: gives what leads past a block, or null for a copy; there is none in a plain network. */
function trace(net, blocks, start, sendBack, shortcut) {
  const beta = net.branch_scale;
  const ratio = [];
  const lengths = [length(start)];
  let h = start;
  const ways = blocks.map((layers, block) => {
    const past = shortcut?.(block);
    const branch = stagesOf(net, BRANCHES[net.order][layers.length - 1], layers);
    const after = stagesOf(net, net.order === "post" ? "a" : "");
    const F = branch.reduce((x, stage) => stage.forward(x), h);
    ratio.push(length(F) / lengths.at(-1));
    h = after.reduce((x, stage) => stage.forward(x), shortcut ? added(past ? past.forward(h) : h, F, beta) : F);
    lengths.push(length(h));
    return { branch, after, past };
  });
  const found = goBack(ways, sendBack(h), Boolean(shortcut), beta);
  const root = Math.sqrt(net.batch);
  return {
    signal: found.signal.map((size) => size / root),
    weightGradient: found.weights.map((size) => size / root),
    rms: lengths.map((size) => size / root / Math.sqrt(net.units)),
    ratio,
    share: found.share,
  };
}

/** From h_L to h_0: lengths of gradients of states and of weights, and what the shortcut's share of the former is. */
function goBack(ways, start, skip, beta) {
  const signal = [length(start)];
  const weights = [];
  const share = [];
  let g = start;
  for (const { branch, after, past } of ways.reverse()) {
    const joined = after.reduceRight((d, stage) => stage.back(d), g);
    const handed = past ? past.back(joined) : joined; // by the shortcut
    const told = [];
    g = branch.reduceRight((d, stage) => {
      if (stage.told) told.push(...stage.told(d));
      return stage.back(d);
    }, joined);
    if (skip) g = added(handed, g, beta);
    signal.push(length(g));
    weights.push(length(told) * (skip ? Math.abs(beta) : 1));
    if (skip) share.push(shareOf(handed, g, signal.at(-1)));
  }
  return { signal: signal.reverse(), weights: weights.reverse(), share: share.reverse() };
}
