// What is drawn of a pair of networks, whoever measured it: a journey.
//
//   depth     blocks
//   log10     [skip][l] of the signal at h_l over that at h_L: the mean over seeds of logs
//   each      [skip][seed][l], the same of every seed
//   digits    [skip][l], how many digits of it the seeds agree on
//   weights   [skip][l−1] of what the weights of block l are told over what those of the last block are
//   weightDigits  [skip][l−1], how many digits of that
//   share     [l−1] of the gradient in front of block l, the part that its shortcut brought; mean over seeds
//   layers    [l−1] layers in block l;  skips  [l−1] whether it has a shortcut;  names  [l−1], or none
//   seeds     how many are in;  of  how many there will be
import { digitsOfAll } from "./agreement.js";

/** The journey of networks of [profile] from what `profileSeed` gave for some seeds. */
export function journeyOf(params, found, of) {
  const { depth, layers_per_block: layers } = params;
  const each = [0, 1].map((skip) => found.map((one) => relative(one.signal[skip])));
  const weights = [0, 1].map((skip) => found.map((one) => relative(one.weightGradient[skip])));
  return {
    depth,
    each,
    log10: each.map(mean),
    digits: each.map(digitsOfAll),
    weights: weights.map(mean),
    weightDigits: weights.map(digitsOfAll),
    share: mean(found.map((one) => one.share)),
    layers: Array(depth).fill(layers),
    skips: Array(depth).fill(true),
    seeds: found.length,
    of,
  };
}

/** log10 of every number over the last. The difference of logs does not overflow where the quotient would. */
function relative(numbers) {
  const last = Math.log10(numbers.at(-1));
  return numbers.map((value) => Math.log10(value) - last);
}

/** Place by place, of rows of one length. */
function mean(rows) {
  return rows[0].map((_, i) => rows.reduce((sum, row) => sum + row[i], 0) / rows.length);
}

/** The mean over all blocks of the share that shortcuts bring; NaN where there is none. */
export function meanShare({ share }) {
  const told = share.filter(Number.isFinite);
  return told.reduce((a, b) => a + b, 0) / told.length;
}
