// What the page has of the film: the line that draws the network on screen as a clip, and clips or stills of chapters.
import { DATA } from "./data.js";
import { $ } from "./html.js";
import { spoken, t } from "./text.js";

const DRAWS_PROFILE = "GradientFlow"; // the chapter whose network is that of [profile]

export class Film {
  constructor() {
    this.chosen = null; // the chapter that the reader picked
    $("#copy").addEventListener("click", () => this.copy());
    $("#chapter").addEventListener("change", ({ target }) => {
      this.chosen = target.value;
      this.show();
    });
  }

  /** The chapter that shows this network, if there is one; and the line for it. */
  point(chapter, command) {
    this.chapter = chapter;
    this.chosen = null;
    if ($("#command").textContent !== command) $("#copied").textContent = "";
    $("#command").textContent = command;
    this.show();
  }

  /** The chapters there are, in the language that is spoken. */
  build() {
    this.figures = [...document.querySelectorAll("figure")].filter((one) => one.lang === spoken());
    const title = (figure) => figure.querySelector("figcaption").textContent;
    $("#chapter").replaceChildren(...this.figures.map((one) => new Option(title(one), one.dataset.chapter)));
    $("#film").hidden = !this.figures.length;
  }

  show() {
    const there = this.figures.map((one) => one.dataset.chapter);
    const wanted = [this.chosen, this.chapter, DRAWS_PROFILE, there[0]].find((one) => there.includes(one));
    for (const figure of document.querySelectorAll("figure")) {
      figure.hidden = !this.figures.includes(figure) || figure.dataset.chapter !== wanted;
      if (figure.hidden) figure.querySelector("video")?.pause();
    }
    $("#chapter").value = wanted ?? "";
    $("#film-note").textContent = wanted === this.chapter ? t("film.this") : t("film.other");
  }

  /** Where there is no clipboard (in a frame, say), the line is selected to be copied by hand. */
  async copy() {
    const line = $("#command");
    try {
      await navigator.clipboard.writeText(line.textContent);
      $("#copied").textContent = t("copied");
    } catch {
      getSelection().selectAllChildren(line);
      $("#copied").textContent = document.execCommand("copy") ? t("copied") : t("selected");
    }
  }
}

/** The chapter of the film that shows these very parameters. */
export function chapterOf(state) {
  const same = (other) => Object.entries(state).every(([key, value]) => other[key] === value);
  return DATA.tour.find((step) => same(step.state))?.chapter ?? (same(DATA.start) ? DRAWS_PROFILE : null);
}
