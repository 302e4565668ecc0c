// The picture: both roads, and the chart under them that shares their x; redrawn whole for whatever width there is.
import { DATA } from "./data.js";
import { drawChart, drawKey } from "./chart.js";
import { drawRoad, lamp, sampled } from "./road.js";
import { arriving, power, t } from "./text.js";
import { clamp, svg } from "./svg.js";

const TRAVEL = 1600; // ms from the loss to the input
const [CLOSE, APART] = [22, 28]; // px from toll to toll, if that lets all be drawn; else
const reduced = matchMedia("(prefers-reduced-motion: reduce)");

export class Picture {
  /** holder: the element that the picture fills. */
  constructor(holder) {
    this.holder = holder;
    this.root = svg("svg", { role: "img", "aria-labelledby": "said" });
    holder.append(this.root);
    this.journey = null;
    this.kind = "signal"; // what the chart shows: signal, or weights
    this.covered = false; // while a question is open, what shines is not shown
    this.share = 1; // of the way that the gradient has come
    this.focus = null; // the state that is read
    new ResizeObserver(() => this.draw()).observe(holder);
  }

  show(journey) {
    this.journey = journey;
    this.draw();
  }

  /** Let the gradient travel from the loss to the input. */
  travel() {
    cancelAnimationFrame(this.frame);
    this.share = 1;
    if (reduced.matches || this.covered) return this.veil();
    const begin = performance.now();
    const step = (now) => {
      this.share = clamp((now - begin) / TRAVEL, 0, 1);
      this.veil();
      if (this.share < 1) this.frame = requestAnimationFrame(step);
    };
    this.share = 0;
    this.veil();
    this.frame = requestAnimationFrame(step);
    return undefined;
  }

  /** Where things lie, in px. */
  get layout() {
    const width = Math.max(280, this.holder.clientWidth);
    const narrow = width < 760;
    const left = narrow ? 46 : 138;
    const right = width - (narrow ? 20 : 78);
    const roads = narrow ? [130, 246] : [74, 178];
    const chart = narrow ? { top: 352, bottom: 468 } : { top: 262, bottom: 386 };
    return { width, narrow, left, right, roads, chart: { ...chart, left, right }, height: chart.bottom + 24 };
  }

  draw() {
    const { journey, layout } = this;
    if (!journey || !this.holder.clientWidth) return;
    const { width, height, left, right, narrow } = layout;
    this.root.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.root.setAttribute("height", height);
    const room = right - left;
    const drawn = sampled(journey.depth, Math.floor(room / (journey.depth * CLOSE <= room ? CLOSE : APART)));
    const x = drawn.states.map((state) => left + ((right - left) * state) / journey.depth);
    const roads = [0, 1].map((skip) => drawRoad(journey, skip, drawn, x, layout.roads[skip], narrow ? 44 : 56));
    this.chart = drawChart(journey, this.kind, layout.chart, narrow);
    this.veilRect = svg("rect", { x: 0, y: 0, width, height });
    this.cross = svg("g", { class: "focus" });
    this.values = [0, 1].map((skip) => this.valueText(skip));
    const shining = (...parts) => svg("g", { "clip-path": "url(#veil)" }, ...parts);
    this.root.replaceChildren(
      svg("defs", {}, svg("clipPath", { id: "veil" }, this.veilRect), hatching()),
      ...this.labels(drawn),
      this.chart.still,
      ...roads.flatMap((road) => [road.still, shining(road.shining), road.above, shining(road.over)]),
      shining(this.chart.drawn),
      this.cross,
      ...this.values,
    );
    // The loss shines before anything travels.
    if (this.covered) roads.forEach((road, skip) => this.root.append(lamp(0, right, layout.roads[skip], 8)));
    this.veil();
    this.point();
  }

  /** Show what shines as far as the gradient has come. */
  veil() {
    if (!this.veilRect) return;
    const { left, right, width } = this.layout;
    const from = this.covered ? width : right + 20 - this.share * (right - left + 60);
    this.veilRect.setAttribute("x", Math.max(0, this.share === 1 && !this.covered ? 0 : from));
    const arrived = this.share === 1 && !this.covered;
    this.values.forEach((text, skip) => (text.textContent = arrived ? arriving(this.journey, skip) : "…"));
  }

  valueText(skip) {
    const { narrow, left, roads } = this.layout;
    const place = narrow ? { x: left + 60, y: roads[skip] - 42 } : { x: 4, y: roads[skip] + 26 };
    return svg("text", { ...place, class: "value", id: skip ? "value-residual" : "value-plain" });
  }

  labels(drawn) {
    const { width, left, right, narrow, roads, chart } = this.layout;
    const { depth } = this.journey;
    const titles = [t("shared.plain"), t("shared.residual")];
    const found = roads.flatMap((y, skip) => {
      const label = (at, look, words) => svg("text", { ...at, class: look }, words);
      if (narrow)
        return [
          label({ x: 4, y: y - 62 }, "title", titles[skip]),
          label({ x: 4, y: y - 42 }, "input", t("shared.input")),
          label({ x: width - 4, y: y - 42 }, "loss end", `${t("shared.loss")} 1`),
        ];
      return [
        label({ x: 4, y: y - 20 }, "title", titles[skip]),
        label({ x: 4, y: y + 3 }, "input", t("shared.input")),
        label({ x: width - 4, y: y + 3 }, "loss end", t("shared.loss")),
        label({ x: width - 4, y: y + 26 }, "value end", "1"),
      ];
    });
    const heading = this.kind === "weights" ? "weights_chart" : "chart";
    const above = chart.top - (narrow ? 36 : 18);
    found.push(svg("text", { x: 4, y: above, class: "heading" }, t(narrow ? `${heading}_short` : heading)));
    found.push(drawKey(right, chart.top - (narrow ? 16 : 22.5)));
    if (drawn.blocks.length < depth) {
      const words = t("shared.sampled", { drawn: drawn.blocks.length, depth });
      found.push(
        svg("text", narrow ? { x: width - 4, y: 14, class: "note end" } : { x: left, y: 18, class: "note" }, words),
      );
    }
    found.push(narrow ? svg("text", { x: 4, y: 14, class: "note" }, t("shared.size_legend")) : "");
    return [...found, sizes(width - 4, narrow ? 38 : 14, !narrow)];
  }

  /** Read the state l, or none. */
  read(l) {
    this.focus = l;
    this.point();
  }

  point() {
    if (!this.cross) return;
    const { left, right, roads, chart } = this.layout;
    this.cross.replaceChildren();
    if (this.focus === null || this.covered) return;
    const x = left + ((right - left) * this.focus) / this.journey.depth;
    this.cross.append(svg("line", { x1: x, x2: x, y1: roads[0] - 44, y2: chart.bottom }));
    if (this.kind === "weights") return;
    for (const [skip, look] of ["plain", "residual"].entries()) {
      const [cx, cy] = this.chart.place(skip, this.focus);
      if (Number.isFinite(cy)) this.cross.append(svg("circle", { cx, cy, r: 5, class: `dot ${look}` }));
    }
  }

  /** The state nearest to a pointer. */
  stateAt(clientX) {
    const { left, right } = this.layout;
    const x = clientX - this.root.getBoundingClientRect().left;
    return Math.round(clamp((x - left) / (right - left), 0, 1) * this.journey.depth);
  }
}

/** What the size of a lamp means, right-aligned; with words for it, or without. */
function sizes(right, y, inWords) {
  const group = svg("g", {});
  const words = t("shared.below", { floor: power(DATA.signal.floor) });
  let x = right - 7.1 * words.length;
  group.append(svg("text", { x: right, y: y + 4.5, class: "note end" }, words));
  group.append(lamp(-Infinity, x - 12, y, 6));
  x -= 34;
  for (const log10 of [-4, 0, 4]) {
    const label = log10 ? power(log10) : "1";
    group.append(svg("text", { x, y: y + 4.5, class: "note end" }, label));
    x -= 7.4 * label.length + 16;
    group.append(lamp(log10, x, y, 10));
    x -= 26;
  }
  if (inWords) group.append(svg("text", { x, y: y + 4.5, class: "note end" }, t("shared.size_legend")));
  return group;
}

function hatching() {
  const line = svg("path", { d: "M0 6L6 0", class: "hatch" });
  return svg("pattern", { id: "hatching", width: 6, height: 6, patternUnits: "userSpaceOnUse" }, line);
}
