// The worker that computes, and what to do with what it says.
import { DATA } from "./data.js";

const PATIENCE = 1000; // ms that a worker may be busy with what nobody waits for any more

export class Computer {
  /** told: called with { params, found }, or { refused }, whenever more is known; checked: with the worst difference. */
  constructor(told, checked) {
    Object.assign(this, { told, checked, job: 0, wanted: null, busySince: 0, unchecked: true });
    const code = document.getElementById("worker").textContent;
    this.address = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
    this.start();
  }

  start() {
    this.worker = new Worker(this.address);
    this.worker.onmessage = ({ data }) => this.hear(data);
    this.worker.onerror = (event) => {
      event.preventDefault();
      this.told({ refused: "broken" });
    };
    this.worker.postMessage({ digits: unpacked(DATA.digits), gains: DATA.gains });
  }

  /** Compute the networks of these parameters; whatever was asked before is given up. */
  ask(params) {
    if (this.wanted && performance.now() - this.busySince > PATIENCE) {
      this.worker.terminate();
      this.start();
      this.asked = false;
    }
    this.job += 1;
    const seeds = Array.from({ length: params.seeds }, (_, k) => params.seed + k);
    this.wanted = { params, found: [], seeds: seeds.length };
    this.busySince = performance.now();
    this.worker.postMessage({ job: this.job, params, seeds });
    if (this.unchecked && !this.asked) {
      this.asked = true;
      this.worker.postMessage({ records: DATA.checks });
    }
  }

  hear({ job, found, refused, worst }) {
    this.busySince = performance.now();
    if (worst !== undefined) {
      this.unchecked = false;
      this.checked(worst);
    } else if (job === this.job && this.wanted) {
      const { wanted } = this;
      if (found) wanted.found.push(found);
      if (refused || wanted.found.length === wanted.seeds) this.wanted = null;
      this.told(refused ? { refused } : { params: wanted.params, found: wanted.found });
    }
  }
}

/** Digits as they travel: A to Q are pixels of 0 to 16, a small letter is a run of zeros, b one, c two. */
function unpacked({ x, y }) {
  const pixels = x.replace(/[a-z]/g, (letter) => "A".repeat(letter.charCodeAt(0) - 97));
  return { x: Uint8Array.from(pixels, (letter) => letter.charCodeAt(0) - 65), y: Int32Array.from(y, Number) };
}
