// The page: what is turned, what is computed, what is seen.
import { DATA } from "./data.js";
import { commandFor, readAddress, writeAddress } from "./address.js";
import { Computer } from "./compute.js";
import { Dials, refusal } from "./dials.js";
import { Film, chapterOf } from "./film.js";
import { $ } from "./html.js";
import { journeyOf } from "./journey.js";
import { Own } from "./own.js";
import { Picture } from "./picture.js";
import { sentence, stateRead, writeTable } from "./reading.js";
import { speak, spoken, t } from "./text.js";
import { Tour } from "./tour.js";

const root = document.documentElement;
const SOUND = 1e-9; // the relative difference up to which the page gives what the simulator does
let state = { ...DATA.start };
let theme = null; // as the system has it, until somebody says otherwise
let computed = null; // the journey of `state`, as far as it is known
let worst = null;

const picture = new Picture($("#picture"));
const film = new Film();
const own = new Own(() => see(true));
const computer = new Computer(hear, (difference) => {
  worst = difference;
  writeCheck();
});
const tour = new Tour(
  (step) => {
    turn({ ...step.state }, false);
    see();
  },
  () => {
    remember();
    see(true);
  },
);
const dials = new Dials(
  $("#dials"),
  (changes) => {
    tour.leave();
    turn("bias_std" in changes ? { bias: "normal", ...changes } : changes);
  },
  (key, text) => complain([refusal(key, text)]),
);

/** What is on screen: of the dials, or of a network of one's own. */
const journey = () => (own.network ? own.stop.journey : computed);

/** address: whether it is to say so; not while it would give an answer away. */
function turn(changes, address = true) {
  state = { ...state, ...changes };
  complain([]);
  computed = null;
  picture.focus = null;
  dials.show(state);
  if (address) remember();
  computer.ask(state);
  write();
}

function hear({ params, found, refused }) {
  if (refused) {
    complain([t(refused === "too_large" ? "too_large" : "broken")]);
    return;
  }
  computed = journeyOf(params, found, params.seeds);
  tour.hear(computed);
  see(found.length === 1 && !own.network);
}

/** Draw what there is; fresh: it is another network than before, and its gradient sets out anew. */
function see(fresh = false) {
  picture.covered = !own.network && tour.open;
  write();
  picture.show(journey() ?? picture.journey);
  if (fresh) picture.travel();
}

/** All words. */
function write() {
  own.write();
  const seen = journey();
  const hidden = picture.covered;
  $("#said").textContent = !seen ? t("computing") : hidden ? t("tour.hidden") : sentence(seen);
  const done = seen && seen.seeds === seen.of;
  $("#seeds").textContent = own.network ? "" : t("seeds_done", { done: seen?.seeds ?? 0, of: state.seeds });
  $("#picture").setAttribute("aria-busy", String(!done));
  if (done && !hidden) $("#aloud").textContent = sentence(seen);
  if (done || hidden) tabulate();
  film.point(own.network ? null : chapterOf(state), own.network ? own.command : commandFor(state, spoken()));
  const slider = $("#state");
  slider.max = seen?.depth ?? state.depth;
  slider.disabled = hidden || !seen;
  writeReading();
}

/** The numbers, if somebody wants them; but not while they would give an answer away. */
function tabulate() {
  const seen = picture.covered ? null : journey();
  if (seen && $("#numbers").open) writeTable(seen);
  else $("#table").replaceChildren();
}

function writeReading() {
  const seen = journey();
  const l = picture.focus;
  const told = !seen || picture.covered ? "" : l === null ? t("read.hint") : stateRead(seen, picture.kind, l);
  $("#read").textContent = told;
  $("#state").value = l ?? $("#state").max;
  $("#state").setAttribute("aria-valuetext", l === null ? t("read.hint") : told);
}

function writeCheck() {
  const bad = worst !== null && !(worst < SOUND);
  const told = worst === null ? "check.waits" : bad ? "check.fails" : "check.holds";
  $("#check").textContent = t(told, { count: DATA.checks.length, worst: worst?.toExponential(0) });
  $("#check").classList.toggle("bad", bad);
  $("#check").setAttribute("role", bad ? "alert" : "status");
}

/** Say what is wrong, a line each; or that nothing is. */
function complain(lines) {
  $("#trouble").textContent = lines.join(" ");
  $("#trouble").hidden = !lines.length;
}

function read(l) {
  picture.read(l);
  writeReading();
}

function remember() {
  writeAddress(state, { lang: spoken() === DATA.languages[0] ? null : spoken(), theme });
}

/** Everything in another language. */
function translate() {
  root.lang = spoken();
  document.title = t("title");
  for (const element of document.querySelectorAll("[data-t]")) element.textContent = t(element.dataset.t);
  for (const element of document.querySelectorAll("[data-label]"))
    element.setAttribute("aria-label", t(element.dataset.label));
  for (const control of document.querySelectorAll("[data-lang]"))
    control.setAttribute("aria-pressed", String(control.dataset.lang === spoken()));
  dials.build();
  own.build();
  film.build();
  tour.write();
  writeCheck();
  see();
}

function listen() {
  for (const control of document.querySelectorAll("[data-lang]"))
    control.addEventListener("click", () => {
      speak(control.dataset.lang);
      translate();
      remember();
    });
  $("#theme").addEventListener("click", () => {
    theme = getComputedStyle(root).colorScheme.includes("dark") ? "light" : "dark";
    root.dataset.theme = theme;
    remember();
  });
  $("#again").addEventListener("click", () => picture.travel());
  $("#reset").addEventListener("click", () => {
    tour.leave();
    turn({ ...DATA.start });
  });
  for (const control of document.querySelectorAll("[name=kind]"))
    control.addEventListener("change", () => {
      picture.kind = control.value;
      see();
    });
  $("#state").addEventListener("input", ({ target }) => read(Number(target.value)));
  $("#picture").addEventListener(
    "pointermove",
    ({ clientX }) => journey() && !picture.covered && read(picture.stateAt(clientX)),
  );
  $("#picture").addEventListener("pointerleave", () => read(null));
  $("#numbers").addEventListener("toggle", tabulate);
  addEventListener("hashchange", begin);
}

/** As the address says. */
function begin() {
  const { values, refused, lang, theme: wanted } = readAddress();
  if (DATA.languages.includes(lang)) speak(lang);
  if (["dark", "light"].includes(wanted)) root.dataset.theme = theme = wanted;
  tour.leave();
  translate();
  turn({ ...DATA.start, ...values });
  complain(refused.map(({ key, text }) => refusal(key, text)));
}

window.atajos = {
  get state() {
    return { ...state };
  },
  get shown() {
    const seen = journey();
    const signal = seen?.log10.map((row) => row.map((log10) => 10 ** log10)) ?? null;
    const done = Boolean(seen) && seen.seeds === seen.of;
    return { signal, digits: seen?.digits, seeds: seen?.seeds ?? 0, done, worst };
  },
};
root.classList.remove("still");
listen();
begin();
