// How many digits of a mean its seeds agree on; scenes/kit/reading/agreement.py once more.
const MOST_DIGITS = 2;

/** How many digits, 0 to 2, of 10 to the mean of these logs, one of each seed, may be told: those whose unit is no
 * smaller than the mean's standard error. One seed agrees with itself. */
export function digitsOf(logs) {
  const mean = logs.reduce((sum, log) => sum + log, 0) / logs.length;
  if (logs.length === 1 || !Number.isFinite(mean)) return MOST_DIGITS;
  const variance = logs.reduce((sum, log) => sum + (log - mean) ** 2, 0) / (logs.length - 1);
  const error = Math.log10(Math.expm1(Math.LN10 * Math.sqrt(variance / logs.length)));
  return [...Array(MOST_DIGITS).keys()].filter((digit) => mean - Math.floor(mean) + error <= -digit).length;
}

/** The same, place by place, of rows of one length. */
export const digitsOfAll = (rows) => rows[0].map((_, i) => digitsOf(rows.map((row) => row[i])));
