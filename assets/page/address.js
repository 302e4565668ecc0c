// The state in the page's address: #depth=23&gain=1.3&activation=relu, keys and values of [profile]; and lang, theme.
import { DATA } from "./data.js";
import { plainly, t } from "./text.js";

/** What a key of [profile] accepts, in words. */
export function allowed(key) {
  const { options, low, high, words = [] } = DATA.keys[key];
  if (options) return options.join(", ");
  return [t("range", { low: plainly(low), high: plainly(high) }), ...words].join(", ");
}

/** The value that a text writes for a key; undefined if the key does not accept it. */
export function valueOf(key, text) {
  const { options, whole, low, high, above, words } = DATA.keys[key];
  if (options) return options.includes(text) ? text : undefined;
  if (words?.includes(text)) return text;
  const value = Number(String(text).trim() === "" ? NaN : text);
  const fits = Number.isFinite(value) && (above ? value > low : value >= low) && value <= high;
  return fits && (!whole || Number.isInteger(value)) ? value : undefined;
}

/** Values of the address that hold, and a line for each that does not. Biases that are given a deviation are normal. */
export function readAddress() {
  const given = new URLSearchParams(location.hash.slice(1));
  const values = {};
  const refused = [];
  for (const [key, text] of given) {
    if (!(key in DATA.keys)) continue;
    const value = valueOf(key, text);
    if (value === undefined) refused.push({ key, text });
    else values[key] = value;
  }
  if ("bias_std" in values && !("bias" in values)) values.bias = "normal";
  return { values, refused, lang: given.get("lang"), theme: given.get("theme") };
}

/** Write the keys that differ from the start. In an iframe made of text there is no address to write to. */
export function writeAddress(state, extra) {
  const changed = Object.entries(state).filter(([key, value]) => value !== DATA.start[key]);
  const told = new URLSearchParams([...changed, ...Object.entries(extra).filter(([, value]) => value)]).toString();
  try {
    history.replaceState(null, "", told ? `#${told}` : location.pathname + location.search);
  } catch {
    // the page is in a frame that has none
  }
}

/** The `atajos` line that draws a network as a clip: the fewest settings beside the defaults. */
export function commandFor(state, language) {
  const { base, settings } = DATA.line;
  const changed = Object.entries(state).filter(([key, value]) => value !== base[key]);
  const own = changed.map(([key, value]) => `profile.${key}=${value}`);
  // A deviation that comes alone would make biases normal.
  if ("bias_std" in Object.fromEntries(changed) && state.bias === base.bias) own.unshift(`profile.bias=${state.bias}`);
  return [
    "atajos render GradientFlow",
    `--lang ${language}`,
    ...[...settings, ...own].map((one) => `--set ${quoted(one)}`),
  ].join(" ");
}

/** A word of a command line, in quotes where a shell would read it otherwise. */
export const quoted = (word) => (/^[\w.=+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);
