// Words and numbers as each language writes them; the words are those of assets/narration.
import { DATA } from "./data.js";

let language = DATA.languages[0];

export const spoken = () => language;
export function speak(code) {
  language = code;
}

/** The text at a dotted key; {name} is a field, {name:one|many} a word for one and another for more. */
export function t(key, fields = {}) {
  const text = key.split(".").reduce((table, part) => table?.[part], DATA.words[language]);
  if (typeof text !== "string") throw new Error(`no words for ${key}`);
  return text.replace(/\{(\w+)(?::([^|}]*)\|([^}]*))?\}/g, (_, name, one, many) =>
    one === undefined ? fields[name] : String(fields[name]) === "1" ? one : many,
  );
}

const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";
export const power = (exponent) =>
  `10${exponent < 0 ? "⁻" : ""}${[...String(Math.abs(exponent))].map((digit) => RAISED[digit]).join("")}`;

/** A fixed number of decimals, a true minus sign. */
export const decimal = (value, places = 2) =>
  value.toFixed(places).replace("-", "−").replace(".", t("number.decimal_mark"));

export const percent = (share) => `${decimal(100 * share, 0)}${t("number.percent")}`;

/** To so many digits, trailing zeros kept. */
export function significant(value, digits = 2) {
  if (value === 0) return "0";
  const rounded = value.toExponential(digits - 1);
  return decimal(Number(rounded), Math.max(0, digits - 1 - exponentOf(rounded)));
}

const exponentOf = (written) => Number(written.split("e")[1]);

/** A number as short as it can be written. */
export const plainly = (value) => String(value).replace("-", "−").replace(".", t("number.decimal_mark"));

/** A ratio given by its log10, to so many digits, 0 to 2: plain between 0.001 and 1000, to one at least; else one digit
 * times a power of ten, or that alone; 0, ∞ or ? besides. */
export function signal(log10, digits) {
  if (Number.isNaN(log10)) return "?";
  if (!Number.isFinite(log10)) return log10 < 0 ? "0" : "∞";
  if (log10 >= -3 && log10 < 3) return significant(10 ** log10, log10 < -2 ? 1 : Math.max(1, digits));
  if (digits === 0 || Math.abs(log10) >= 99.5) return power(Math.round(log10));
  let exponent = Math.floor(log10);
  let mantissa = Math.round(10 ** (log10 - exponent));
  if (mantissa === 10) [mantissa, exponent] = [1, exponent + 1];
  return mantissa === 1 ? power(exponent) : `${mantissa}×${power(exponent)}`;
}

/** What became of a signal by the time it reaches the input: a key of shared.became. */
export function verdict(log10) {
  if (log10 === -Infinity) return "zero";
  if (!Number.isFinite(log10)) return "lost";
  return Object.entries(DATA.signal.bounds).find(([, bound]) => log10 < bound)?.[0] ?? "explodes";
}

/** What arrives at the input, as a number and as a clause; skip: 0 plain, 1 residual. */
export const arriving = ({ log10, digits }, skip) => signal(log10[skip][0], digits[skip][0]);
export const became = (journey, skip) =>
  t(`shared.became.${verdict(journey.log10[skip][0])}`, { value: arriving(journey, skip) });
