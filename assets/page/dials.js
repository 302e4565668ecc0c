// The dials: a control for every key of [profile], made from what the simulator accepts.
import { DATA } from "./data.js";
import { allowed, valueOf } from "./address.js";
import { make } from "./html.js";
import { decimal, plainly, t } from "./text.js";

// Those that slide, with their stops; in the order in which they stand. What is not named here stands below, in sim's.
const SLIDERS = {
  depth: geometric(DATA.keys.depth.low, DATA.keys.depth.high, true),
  gain: geometric(0.1, 10),
  branch_scale: even(0, 2, 0.05),
  skip_scale: even(0, 2, 0.05),
};
const FIRST = [
  ...Object.keys(SLIDERS),
  "activation",
  "norm",
  "order",
  "layers_per_block",
  "block",
  "input",
  "cotangent",
];
const LAST = ["width", "batch", "seeds", "seed"];
const BETWEEN = Object.keys(DATA.keys).filter((key) => !FIRST.includes(key) && !LAST.includes(key));
// What would change nothing as long as another key has another value.
const ONLY_WITH = { bias_std: ["bias", "normal"], gate_bias: ["skip_scale", "gate"] };

function geometric(low, high, whole = false) {
  const steps = Array.from({ length: 161 }, (_, i) => low * (high / low) ** (i / 160));
  const stops = steps.map((step) => (whole ? Math.round(step) : Number(step.toPrecision(3))));
  return [...new Set(stops)];
}

function even(low, high, step) {
  return Array.from({ length: Math.round((high - low) / step) + 1 }, (_, i) => Number((low + i * step).toFixed(6)));
}

/** What a word for a number means: of weight scales that of sim, of the branch scale 1/√depth; NaN, if no number. */
function numberOf(state, key) {
  const value = state[key];
  if (typeof value !== "string") return value;
  return { gain: DATA.gains[value], branch_scale: state.depth ** -0.5 }[key] ?? NaN;
}

const short = (number) => Number(number.toPrecision(3));

export class Dials {
  /**
   * holder: the form. turned: called with the keys that the reader changed. refused: with a key and what was written.
   */
  constructor(holder, turned, refused) {
    Object.assign(this, { holder, turned, refused, state: null });
    holder.addEventListener(
      "input",
      ({ target }) => target.matches("[type=range], select, [type=checkbox], [type=radio]") && this.take(target),
    );
    holder.addEventListener("change", ({ target }) => target.matches("[type=number]") && this.take(target));
    holder.addEventListener("submit", (event) => event.preventDefault());
  }

  /** Write all controls anew in the language that is spoken. */
  build() {
    const focused = document.activeElement?.id;
    this.holder.replaceChildren(...[...FIRST, ...BETWEEN, ...LAST].map((key) => this.control(key)));
    if (this.state) this.show(this.state);
    if (focused && this.holder.contains(document.getElementById(focused))) document.getElementById(focused).focus();
  }

  control(key) {
    const { options, words = [], low, high, whole } = DATA.keys[key];
    const name = t(`key.${key}`);
    if (options?.length === 2 || (whole && high - low === 1)) return this.choice(key, name, options ?? [low, high]);
    if (options) {
      const choices = options.map((one) => make("option", { value: one }, t(`value.${one}`)));
      const select = make("select", { id: key, "data-key": key }, ...choices);
      return make("div", { class: "dial" }, make("label", { for: key }, name), select);
    }
    const number = make("input", {
      type: "number",
      id: key,
      "data-key": key,
      min: low,
      max: high,
      step: whole ? 1 : "any",
    });
    const head = make(
      "div",
      { class: "head" },
      make("label", { for: key }, name),
      ...words.map((word) => this.word(key, word)),
      number,
    );
    if (!SLIDERS[key]) return make("div", { class: "dial" }, head);
    const slider = make("input", {
      type: "range",
      id: `${key}-slider`,
      "data-key": key,
      min: 0,
      max: SLIDERS[key].length - 1,
    });
    slider.setAttribute("aria-label", name);
    return make("div", { class: "dial wide" }, head, slider);
  }

  /** Two values side by side. */
  choice(key, name, values) {
    const each = values.map((value) => {
      const id = `${key}-${value}`;
      const text = typeof value === "number" ? String(value) : t(`value.${value}`);
      const input = make("input", { type: "radio", name: key, id, value, "data-key": key });
      return make("span", {}, input, make("label", { for: id }, text));
    });
    return make("fieldset", { class: "dial" }, make("legend", {}, name), make("div", { class: "either" }, ...each));
  }

  /** A word that stands for a number. */
  word(key, word) {
    const id = `${key}-${word.replace(/\W/g, "")}`;
    const box = make("input", { type: "checkbox", id, value: word, "data-key": key });
    return make(
      "span",
      { class: "word" },
      box,
      make("label", { for: id }, t(`word.${key}.${word.replace(/\W/g, "")}`)),
    );
  }

  take(control) {
    const { key } = control.dataset;
    let value;
    if (control.type === "range") value = this.stop(key, Number(control.value));
    else if (control.type === "checkbox")
      value = control.checked ? control.value : short(numberOf(this.state, key) || 1);
    else value = valueOf(key, control.value);
    control.toggleAttribute("aria-invalid", value === undefined);
    if (value === undefined) this.refused(key, control.value);
    else this.turned({ [key]: value });
  }

  /** The value at a place of a slider: a word, where its number is nearest. */
  stop(key, place) {
    const value = SLIDERS[key][place];
    const near = Object.entries(key === "gain" ? DATA.gains : {}).find(
      ([, number]) => nearest(SLIDERS[key], number) === place,
    );
    return near ? near[0] : value;
  }

  /** Set all controls to a state. */
  show(state) {
    this.state = state;
    for (const control of this.holder.querySelectorAll("[data-key]")) {
      const { key } = control.dataset;
      const value = state[key];
      const number = numberOf(state, key);
      if (control.type === "radio") control.checked = control.value === String(value);
      else if (control.type === "checkbox") control.checked = control.value === value;
      else if (control.type === "range") {
        control.value = nearest(SLIDERS[key], Number.isNaN(number) ? 1 : number);
        const told = Number.isNaN(number) ? value : `${value}: ${decimal(number)}`;
        control.setAttribute("aria-valuetext", value === number ? plainly(number) : told);
      } else if (control.type === "number") control.value = value === number ? number : short(number);
      else control.value = value;
      control.removeAttribute("aria-invalid");
      if (key in ONLY_WITH) control.disabled = state[ONLY_WITH[key][0]] !== ONLY_WITH[key][1];
    }
  }
}

/** The place of the stop that is nearest to a number. */
function nearest(stops, number) {
  const distance = stops.map((stop) => Math.abs(stop - number));
  return distance.indexOf(Math.min(...distance));
}

/** Why a value is refused. */
export const refusal = (key, text) => t("refused", { key, value: text, allowed: allowed(key) });
