// The guided tour: a network of the film, a question, the reader's guess, and only then what was computed.
import { DATA } from "./data.js";
import { $, button } from "./html.js";
import { meanShare } from "./journey.js";
import { became, percent, plainly, t, verdict } from "./text.js";

const LESS = ["zero", "vanishes", "fades"];
const GUESSES = {
  plain: ["less", "same", "more"],
  residual: ["less", "same", "more"],
  share: ["few", "most", "nearly_all"],
};

/** Fields of a question as they are said: a weight scale may have a name. */
const inWords = (fields) =>
  Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [
      key,
      typeof value === "number" ? plainly(value) : t(`word.${key}.${value}`),
    ]),
  );

/** Which of the guesses a journey bears out. */
function outcome(about, journey) {
  if (about === "share") {
    const share = meanShare(journey);
    return share < 0.5 ? "few" : share < 0.9 ? "most" : "nearly_all";
  }
  const word = verdict(journey.log10[about === "plain" ? 0 : 1][0]);
  if (word === "arrives") return "same";
  return LESS.includes(word) ? "less" : "more";
}

export class Tour {
  /** entered: called with a step when its question is put; answered: when it is to be answered. */
  constructor(entered, answered) {
    Object.assign(this, { entered, answered, at: null, guess: null, journey: null });
  }

  get step() {
    return this.at === null ? null : DATA.tour[this.at];
  }

  /** Whether a question is open: what was computed is not to be seen yet. */
  get open() {
    return this.at !== null && this.guess === null;
  }

  go(at) {
    Object.assign(this, { at, guess: null, journey: null });
    this.entered(this.step);
    this.write();
    $("#question").focus();
  }

  leave() {
    Object.assign(this, { at: null, guess: null });
    this.write();
  }

  choose(guess) {
    this.guess = guess;
    this.answered();
    this.write();
    $("#tour-next").focus();
  }

  /** What is known of the network on screen. */
  hear(journey) {
    this.journey = journey;
    if (this.guess !== null) this.tell();
  }

  write() {
    const { step } = this;
    $("#tour").classList.toggle("on", step !== null);
    $("#question").textContent = step ? t(`tour.${step.name}.ask`, inWords(step.fields)) : t("tour.title");
    $("#step").textContent = step ? t("tour.step", { at: this.at + 1, of: DATA.tour.length }) : "";
    const last = this.at === DATA.tour.length - 1;
    const guesses = () =>
      GUESSES[step.about].map((one) => button(t(`tour.guess.${one}`), () => this.choose(one), { class: "guess" }));
    const onward = () => [
      button(last ? t("tour.end") : t("tour.next"), () => (last ? this.finish() : this.go(this.at + 1)), {
        id: "tour-next",
        class: "strong",
      }),
    ];
    const back = this.at ? [button(t("tour.back"), () => this.go(this.at - 1))] : [];
    const out = button(t("tour.leave"), () => this.finish(), { class: "quiet" });
    $("#tour-buttons").replaceChildren(
      ...(step === null
        ? [button(t("tour.start"), () => this.go(0), { id: "tour-start", class: "strong" })]
        : [...(this.open ? guesses() : onward()), ...back, ...(last && !this.open ? [] : [out])]),
    );
    this.tell();
  }

  finish() {
    const wasOpen = this.open;
    this.leave();
    if (wasOpen) this.answered();
    $("#tour-start").focus();
  }

  tell() {
    const { step, guess, journey } = this;
    $("#answer").textContent = step === null ? t("tour.invitation") : guess === null ? t("tour.guess_first") : "";
    const done = !journey || guess === null || journey.seeds === journey.of;
    $("#answer").setAttribute("aria-busy", String(!done)); // read aloud once, when all seeds are in
    if (step === null || guess === null) return;
    if (!journey) $("#answer").textContent = t("computing");
    else $("#answer").textContent = [this.judged(journey), t(`tour.${step.name}.say`)].join(" ");
  }

  judged(journey) {
    const { about } = this.step;
    const holds = outcome(about, journey);
    const told =
      about === "share"
        ? t("tour.share", { share: percent(meanShare(journey)) })
        : t(`tour.signal.${about}`, { became: became(journey, about === "plain" ? 0 : 1) });
    return t(holds === this.guess ? "tour.right" : "tour.wrong", { guess: t(`tour.guess.${this.guess}`), told });
  }
}
