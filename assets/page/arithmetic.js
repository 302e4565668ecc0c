// Arithmetic on Float64Arrays, for layers.js and inputs.js.

export const SIDE = 8;
export const PIXELS = SIDE * SIDE; // of an image

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
      let y00 = 0,
        y01 = 0,
        y02 = 0,
        y03 = 0,
        y10 = 0,
        y11 = 0,
        y12 = 0,
        y13 = 0;
      let y20 = 0,
        y21 = 0,
        y22 = 0,
        y23 = 0,
        y30 = 0,
        y31 = 0,
        y32 = 0,
        y33 = 0;
      for (let k = 0; k < inner; k++) {
        const a = X[x0 + k],
          b = X[x1 + k],
          d = X[x2 + k],
          e = X[x3 + k];
        const p = W[w0 + k],
          q = W[w1 + k],
          s = W[w2 + k],
          t = W[w3 + k];
        y00 += a * p;
        y01 += a * q;
        y02 += a * s;
        y03 += a * t;
        y10 += b * p;
        y11 += b * q;
        y12 += b * s;
        y13 += b * t;
        y20 += d * p;
        y21 += d * q;
        y22 += d * s;
        y23 += d * t;
        y30 += e * p;
        y31 += e * q;
        y32 += e * s;
        y33 += e * t;
      }
      let at = r * columns + c;
      Y[at] = y00;
      Y[at + 1] = y01;
      Y[at + 2] = y02;
      Y[at + 3] = y03;
      at += columns;
      Y[at] = y10;
      Y[at + 1] = y11;
      Y[at + 2] = y12;
      Y[at + 3] = y13;
      at += columns;
      Y[at] = y20;
      Y[at + 1] = y21;
      Y[at + 2] = y22;
      Y[at + 3] = y23;
      at += columns;
      Y[at] = y30;
      Y[at + 1] = y31;
      Y[at + 2] = y32;
      Y[at + 3] = y33;
    }
  }
  for (let r = 0; r < rows; r++)
    for (let c = r < fullRows ? fullColumns : 0; c < columns; c++) {
      let sum = 0;
      for (let k = 0; k < inner; k++) sum += X[r * inner + k] * W[c * inner + k];
      Y[r * columns + c] = sum;
    }
}

/**
 * The error function: Taylor's series near 0, the continued fraction of erfc beyond (Abramowitz & Stegun 7.1.5,
 * 7.1.14).
 */
export function erf(x) {
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

export function lengths(x, batch) {
  const units = x.length / batch;
  return Float64Array.from({ length: batch }, (_, i) => length(x.subarray(i * units, (i + 1) * units)));
}

/** The largest entry in size; 1 if that is no number to divide by. */
export function largest(x) {
  let found = 0;
  for (let i = 0; i < x.length; i++) found = Math.max(found, Math.abs(x[i]));
  return found > 0 && found < Infinity ? found : 1;
}

export const divided = (x, by) => x.map((value) => value / by);

/** [columns, rows] from [rows, columns]. */
export function transposed(matrix, rows, columns) {
  const out = new Float64Array(matrix.length);
  for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) out[c * rows + r] = matrix[r * columns + c];
  return out;
}

/** The kernel by which a gradient goes back: inputs and outputs exchanged, each 3×3 turned by half a turn. */
export function turned(weight, width) {
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
