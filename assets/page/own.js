// Networks of one's own, as `atajos measure` recorded them: a tab each, and a dial over the stops of one that was
// varied.
import { quoted } from "./address.js";
import { DATA } from "./data.js";
import { $, button } from "./html.js";
import { t } from "./text.js";

/** JSON knows no infinity: numbers that are not finite come as words. */
const revived = (value) =>
  Array.isArray(value) ? value.map(revived) : typeof value === "string" ? Number(value) : value;

export class Own {
  /** shown: called when another tab or stop is to be seen. */
  constructor(shown) {
    Object.assign(this, { shown, tab: 0, stops: DATA.networks.map(() => 0) });
    for (const { stops } of DATA.networks)
      for (const stop of stops)
        for (const key of ["log10", "each", "weights", "share"]) stop.journey[key] = revived(stop.journey[key]);
    $("#tabs").addEventListener("keydown", (event) => this.move(event));
    $("#stop").addEventListener("input", ({ target }) => {
      this.stops[this.tab - 1] = Number(target.value);
      this.shown();
    });
  }

  /** The network on screen, or null: the dials are. */
  get network() {
    return this.tab ? DATA.networks[this.tab - 1] : null;
  }

  get stop() {
    return this.network.stops[this.stops[this.tab - 1]];
  }

  get command() {
    return `atajos render GradientFlow --network ${quoted(this.network.file)}`;
  }

  /** The tabs, in the language that is spoken. */
  build() {
    const names = [t("tab"), ...DATA.networks.map((network) => network.name)];
    this.tabs = names.map((name, i) =>
      button(name, () => this.select(i), { role: "tab", id: `tab-${i}`, "aria-controls": "panel" }),
    );
    $("#tabs").hidden = names.length < 2;
    $("#tabs").replaceChildren(...this.tabs);
  }

  write() {
    this.tabs.forEach((tab, i) => {
      tab.setAttribute("aria-selected", String(i === this.tab));
      tab.tabIndex = i === this.tab ? 0 : -1;
    });
    if (this.tabs.length > 1) $("#panel").setAttribute("aria-labelledby", `tab-${this.tab}`);
    $("#own").hidden = !this.network;
    for (const part of ["#dials", "#tour"]) $(part).hidden = Boolean(this.network);
    if (this.network) this.tell();
  }

  tell() {
    const { stops, name } = this.network;
    const { journey, label, examples, kept, found } = this.stop;
    $("#own-name").textContent = name;
    $("#own-line").textContent = t("own.line", { depth: journey.depth, examples, seeds: journey.seeds, found, kept });
    $("#stop-dial").hidden = stops.length < 2;
    $("#stop").max = stops.length - 1;
    $("#stop").value = this.stops[this.tab - 1];
    $("#stop").setAttribute("aria-valuetext", label);
    $("#stop-label").textContent = t("own.stop");
    $("#stop-value").textContent = label;
  }

  select(tab) {
    this.tab = tab;
    this.shown();
    this.tabs[tab].focus();
  }

  move(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    this.select((this.tab + step + this.tabs.length) % this.tabs.length);
  }
}
