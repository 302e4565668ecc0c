// The workers that compute, and what to do with what they say. Seeds are shared out among them.
import { DATA } from "./data.js";

const PATIENCE = 1000; // ms that workers may be silent over what nobody waits for any more
const HANDS = Math.min(3, Math.max(1, (navigator.hardwareConcurrency ?? 2) - 1)); // a core is left to the picture

export class Computer {
  /**
   * told: called with { params, found }, in the order of seeds, or { refused }, whenever more is known; checked: with
   * the worst difference from records of the simulator.
   */
  constructor(told, checked) {
    Object.assign(this, { told, checked, job: 0, wanted: null, heardAt: 0, workers: [], unchecked: true });
    const code = document.getElementById("worker").textContent;
    this.address = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
  }

  /** All workers anew: what they were at is lost. */
  start() {
    for (const worker of this.workers) worker.terminate();
    this.workers = Array.from({ length: HANDS }, () => {
      const worker = new Worker(this.address);
      worker.onmessage = ({ data }) => this.hear(data);
      worker.onerror = (event) => {
        event.preventDefault();
        this.told({ refused: "broken" });
      };
      worker.postMessage({ digits: unpacked(DATA.digits), gains: DATA.gains });
      return worker;
    });
    this.asked = false;
  }

  /** Compute the networks of these parameters; whatever was asked before is given up. */
  ask(params) {
    if (!this.workers.length || (this.wanted && performance.now() - this.heardAt > PATIENCE)) this.start();
    this.job += 1;
    this.heardAt = performance.now();
    const seeds = Array.from({ length: params.seeds }, (_, k) => params.seed + k);
    this.wanted = { params, seeds, found: new Map() };
    this.workers.forEach((worker, hand) => {
      worker.postMessage({ job: this.job, params, seeds: seeds.filter((_, k) => k % HANDS === hand) });
    });
    if (this.unchecked && !this.asked) this.workers[0].postMessage({ records: DATA.checks });
    this.asked = true;
  }

  hear({ job, seed, found, refused, worst }) {
    this.heardAt = performance.now();
    if (worst !== undefined) {
      this.unchecked = false;
      this.checked(worst);
    } else if (job === this.job && this.wanted) {
      const { params, seeds, found: known } = this.wanted;
      if (found) known.set(seed, found);
      if (refused || known.size === seeds.length) this.wanted = null;
      this.told(
        refused ? { refused } : { params, found: seeds.filter((one) => known.has(one)).map((one) => known.get(one)) },
      );
    }
  }
}

/** Digits as they travel: A to Q are pixels of 0 to 16, a small letter is a run of zeros, b one, c two. */
function unpacked({ x, y }) {
  const pixels = x.replace(/[a-z]/g, (letter) => "A".repeat(letter.charCodeAt(0) - 97));
  return { x: Uint8Array.from(pixels, (letter) => letter.charCodeAt(0) - 65), y: Int32Array.from(y, Number) };
}
