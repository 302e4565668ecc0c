// The worker: computes what the page asks for, seed by seed, and gives up what nobody waits for any more.
import { kept, profileSeed, resolved } from "./engine.js";

const MOST = 2 ** 26; // numbers kept at a time: 512 MiB
const cache = new Map(); // weights of networks drawn before
let digits = null;
let gains = null;
let newest = 0;
let queue = Promise.resolve();

self.onmessage = ({ data }) => {
  if (data.digits) ({ digits, gains } = data);
  else if (data.records) queue = queue.then(() => check(data.records));
  else {
    newest = data.job;
    queue = queue.then(() => compute(data));
  }
};

/** Lets messages in. */
const breathe = () => new Promise((resolve) => setTimeout(resolve));

async function compute({ job, params, seeds }) {
  const net = resolved(params, gains);
  if (kept(net) > MOST) return self.postMessage({ job, refused: "too_large" });
  for (const seed of seeds) {
    await breathe();
    if (job !== newest) return;
    self.postMessage({ job, seed, found: profileSeed(net, seed, digits, cache) });
  }
}

/** The largest relative difference between what is computed here and records of the simulator. */
async function check(records) {
  let worst = 0;
  for (const { params, found: expected } of records) {
    await breathe();
    const found = profileSeed(resolved(params, gains), params.seed, digits, cache);
    for (const field of Object.keys(expected)) worst = Math.max(worst, apart(found[field], expected[field]));
  }
  self.postMessage({ worst });
}

function apart(found, expected) {
  const [a, b] = [found, expected].map((numbers) => numbers.flat());
  if (a.length !== b.length) return Infinity;
  const differences = a.map((x, i) => (x === b[i] ? 0 : Math.abs(x / b[i] - 1)));
  return Math.max(...differences.map((one) => (Number.isNaN(one) ? Infinity : one)));
}
