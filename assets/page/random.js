// The random numbers of numpy's default_rng([…]), so that a seed names the same network here as in sim: the same bits,
// and normals that agree to 14 digits (numpy's table of the ziggurat has rounding errors of its own).
//
// Written from the published descriptions, and compared with numpy by tests/page:
//   SeedSequence  M. O'Neill, "Developing a seed_seq alternative" (2015); her randutils are under the MIT licence
//   PCG64         M. O'Neill, "PCG: a family of simple fast space-efficient statistically good algorithms for random
//                 number generation", HMC-CS-2014-0905 (2014): XSL-RR 128/64; pcg-random.org, MIT or Apache 2.0
//   normals       G. Marsaglia & W. W. Tsang, "The ziggurat method" (2000), with J. Doornik's 256 layers (2005)
//   whole numbers D. Lemire, "Fast random integer generation in an interval" (2019)
//   numpy         its choice and order of these; BSD-3-Clause, © NumPy Developers

/** SeedSequence: `entropy`, whole numbers below 2³², hashed into eight 32-bit words, the low one of each pair first. */
function seedWords(entropy) {
  const pool = new Uint32Array(4);
  let multiplier = 0x43b0d7e5;
  const hash = (value) => {
    value ^= multiplier;
    multiplier = Math.imul(multiplier, 0x931e8875);
    value = Math.imul(value, multiplier);
    return (value ^ (value >>> 16)) >>> 0;
  };
  const mixInto = (target, value) => {
    const mixed = Math.imul(0xca01f9dd, pool[target]) - Math.imul(0x4973f715, hash(value));
    pool[target] = mixed ^ (mixed >>> 16);
  };
  for (let i = 0; i < 4; i++) pool[i] = hash(entropy[i] ?? 0);
  for (let from = 0; from < 4; from++) for (let to = 0; to < 4; to++) if (from !== to) mixInto(to, pool[from]);
  for (let from = 4; from < entropy.length; from++) for (let to = 0; to < 4; to++) mixInto(to, entropy[from]);
  multiplier = 0x8b51f9dd;
  return Uint32Array.from({ length: 8 }, (_, i) => {
    let value = pool[i % 4] ^ multiplier;
    multiplier = Math.imul(multiplier, 0x58f38ded);
    value = Math.imul(value, multiplier);
    return value ^ (value >>> 16);
  });
}

// A 128-bit number is six limbs of 24 bits, low first: products of limbs and their sums are exact in a double.
const LIMB = 2 ** 24;
const PCG_MULTIPLIER = 0x2360ed051fc65da44385df649fccf645n;
const limbsOf = (value) => Float64Array.from({ length: 6 }, (_, i) => Number((value >> BigInt(24 * i)) & 0xffffffn));
const [M0, M1, M2, M3, M4, M5] = limbsOf(PCG_MULTIPLIER);

/**
 * The 256 layers of equal area under f(x) = exp(−x²/2): `scale`, a layer's width by 2⁻⁵²; `inside`, the part of that
 * which is under the curve whatever the height; `height`, f at its edge. Layer 0 is the lowest and has the tail.
 */
const LAYERS = (() => {
  const area = 0.00492867323397465524494; // of every layer; together with the tail they fill half the bell
  const tail = 3.6541528853610088; // the edge of layer 255
  const height = (x) => Math.exp(-0.5 * x * x);
  // A layer is its edge × (f(edge above) − f(edge)). Upper edges are found from the top down, by Newton's steps, and
  // lower ones from the tail up: the ways on which rounding errors stay small.
  const edge = new Float64Array(256);
  for (let i = 1; i <= 128; i++) {
    const above = edge[i - 1];
    let x = above + 0.25;
    for (let step = 0; step < 60; step++) {
      const rise = -height(above) * Math.expm1(((above - x) * (above + x)) / 2);
      x -= (x * rise - area) / (rise + x * x * height(x));
    }
    edge[i] = x;
  }
  edge[255] = tail;
  for (let i = 254; i > 128; i--) edge[i] = Math.sqrt(-2 * Math.log(area / edge[i + 1] + height(edge[i + 1])));
  const width = edge.map((x, i) => (i ? x : area / height(tail))); // the lowest as wide as a box of its area
  return {
    tail,
    scale: width.map((x) => x / 2 ** 52),
    inside: width.map((x, i) => Math.floor(((i ? edge[i - 1] : tail) / x) * 2 ** 52)),
    height: edge.map(height),
  };
})();

export class Generator {
  /** entropy: whole numbers below 2³², as in numpy.random.default_rng(entropy). */
  constructor(entropy) {
    const words = seedWords(entropy);
    const big = (high, low) => (BigInt(words[high]) << 32n) | BigInt(words[low]);
    const start = (big(1, 0) << 64n) | big(3, 2);
    const sequence = (big(5, 4) << 64n) | big(7, 6);
    const mask = (1n << 128n) - 1n;
    const increment = ((sequence << 1n) | 1n) & mask;
    this.state = limbsOf(((increment + start) * PCG_MULTIPLIER + increment) & mask);
    this.increment = limbsOf(increment);
    this.high = this.low = 0; // the 64 bits drawn last, as two words
    this.spare = -1; // the upper word of a draw of which only the lower one was wanted
  }

  /** Draw 64 bits into `high` and `low`. */
  draw() {
    const s = this.state;
    const c = this.increment;
    const s0 = s[0],
      s1 = s[1],
      s2 = s[2],
      s3 = s[3],
      s4 = s[4],
      s5 = s[5];
    let sum = s0 * M0 + c[0];
    let carry = Math.floor(sum / LIMB);
    const t0 = (s[0] = sum - carry * LIMB);
    sum = s0 * M1 + s1 * M0 + c[1] + carry;
    carry = Math.floor(sum / LIMB);
    const t1 = (s[1] = sum - carry * LIMB);
    sum = s0 * M2 + s1 * M1 + s2 * M0 + c[2] + carry;
    carry = Math.floor(sum / LIMB);
    const t2 = (s[2] = sum - carry * LIMB);
    sum = s0 * M3 + s1 * M2 + s2 * M1 + s3 * M0 + c[3] + carry;
    carry = Math.floor(sum / LIMB);
    const t3 = (s[3] = sum - carry * LIMB);
    sum = s0 * M4 + s1 * M3 + s2 * M2 + s3 * M1 + s4 * M0 + c[4] + carry;
    carry = Math.floor(sum / LIMB);
    const t4 = (s[4] = sum - carry * LIMB);
    sum = s0 * M5 + s1 * M4 + s2 * M3 + s3 * M2 + s4 * M1 + s5 * M0 + c[5] + carry;
    const t5 = (s[5] = sum % 256); // eight bits are left of 128
    // XSL-RR: both halves xored, and turned right by the upper six bits.
    let low = t0 ^ (t1 << 24) ^ ((t2 >>> 16) | (t3 << 8));
    let high = ((t1 >>> 8) | (t2 << 16)) ^ (t4 ^ (t5 << 24));
    const turn = t5 >>> 2;
    if (turn >= 32) {
      const other = low;
      low = high;
      high = other;
    }
    const right = turn & 31;
    const left = 31 - right; // two steps, as a shift by 32 would be one by 0
    this.low = ((low >>> right) | ((high << left) << 1)) >>> 0;
    this.high = ((high >>> right) | ((low << left) << 1)) >>> 0;
  }

  /** 32 bits; the upper half of a draw serves the next call. */
  word() {
    if (this.spare >= 0) {
      const word = this.spare;
      this.spare = -1;
      return word;
    }
    this.draw();
    this.spare = this.high;
    return this.low;
  }

  /** Even on [0, 1), 53 bits. */
  even() {
    this.draw();
    return (this.high * 2 ** 21 + (this.low >>> 11)) / 2 ** 53;
  }

  /** N(0, 1). */
  normal() {
    const { tail, inside, scale, height } = LAYERS;
    for (;;) {
      this.draw();
      const layer = this.low & 255;
      const drawn = (this.high & 0x1fffffff) * 2 ** 23 + (this.low >>> 9); // 52 bits
      const x = this.low & 256 ? -drawn * scale[layer] : drawn * scale[layer];
      if (drawn < inside[layer]) return x;
      if (layer === 0) return this.beyond(tail, Math.floor(drawn / 256) % 2 === 1);
      if ((height[layer - 1] - height[layer]) * this.even() + height[layer] < Math.exp(-0.5 * x * x)) return x;
    }
  }

  /** A normal number beyond the tail's beginning (Marsaglia 1964). */
  beyond(tail, negative) {
    for (;;) {
      const x = -Math.log1p(-this.even()) / tail;
      const y = -Math.log1p(-this.even());
      if (2 * y > x * x) return negative ? -(tail + x) : tail + x;
    }
  }

  /** So many normal numbers. */
  normals(count) {
    const out = new Float64Array(count);
    for (let i = 0; i < count; i++) out[i] = this.normal();
    return out;
  }

  /** A whole number from 0 to count − 1. */
  below(count) {
    const least = 2 ** 32 % count;
    for (;;) {
      const product = BigInt(this.word()) * BigInt(count);
      if (Number(product & 0xffffffffn) >= least) return Number(product >> 32n);
    }
  }

  /** 0 … count − 1 in an order drawn by Fisher and Yates, from the end. */
  permutation(count) {
    const order = Int32Array.from({ length: count }, (_, i) => i);
    for (let last = count - 1; last > 0; last--) {
      const mask = 2 ** (32 - Math.clz32(last)) - 1;
      let other;
      do other = (this.word() & mask) >>> 0;
      while (other > last);
      [order[last], order[other]] = [order[other], order[last]];
    }
    return order;
  }
}
