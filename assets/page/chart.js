// The chart under the roads: what their lamps show, on a log axis, block by block, along the same x.
import { power, t } from "./text.js";
import { clamp, svg, through } from "./svg.js";

const DEEPEST = -320; // float64 ends about there

/** Steps of an axis from low to high, in whole decades, at most `most` of them. */
function ticks(low, high, most) {
  const step = [1, 2, 3, 5, 10, 20, 30, 50, 100].find((one) => (high - low) / one <= most) ?? 200;
  const found = [];
  for (let at = Math.ceil(low / step) * step; at <= high + 1e-9; at += step) found.push(at);
  return found;
}

/** What is shown of a journey: of the signal at every state, or of what the weights of every block are told. */
export function linesOf(journey, kind) {
  if (kind === "weights")
    return { rows: journey.weights, digits: journey.weightDigits, faint: [[], []], at: (i) => i + 0.5 };
  return { rows: journey.log10, digits: journey.digits, faint: journey.each, at: (i) => i };
}

/** box: { left, right, top, bottom } of the axes. Gives what stands and what is drawn from right to left. */
export function drawChart(journey, kind, box, narrow) {
  const { rows, faint, at } = linesOf(journey, kind);
  const all = [...rows, ...faint.flat()].flat().filter(Number.isFinite);
  const high = Math.max(1, Math.ceil(Math.max(...all, 0)));
  const low = Math.max(DEEPEST, Math.min(-1, Math.floor(Math.min(...all, 0))));
  const x = (i) => box.left + ((box.right - box.left) * at(i)) / journey.depth;
  const y = (log10) => box.top + ((high - clamp(log10, low, high)) / (high - low)) * (box.bottom - box.top);
  const still = svg("g", {}, ...axes(journey.depth, box, y, low, high, narrow));
  const drawn = svg("g", {});
  [0, 1].forEach((skip) => {
    const look = skip ? "residual" : "plain";
    for (const row of faint[skip])
      drawn.append(svg("path", { d: lineThrough(row, x, y), class: `line faint ${look}` }));
    drawn.append(svg("path", { d: lineThrough(rows[skip], x, y), class: `line ${look}` }));
    if (journey.depth <= 24)
      rows[skip].forEach((log10, i) => {
        if (Number.isFinite(log10))
          drawn.append(svg("circle", { cx: x(i), cy: y(log10), r: 3.6, class: `dot ${look}` }));
      });
  });
  return { still, drawn, place: (skip, i) => [x(i), y(rows[skip][i])] };
}

function axes(depth, box, y, low, high, narrow) {
  const found = [];
  for (const log10 of ticks(low, high, narrow ? 3 : 5)) {
    const look = { x1: box.left, x2: box.right, y1: y(log10), y2: y(log10), class: log10 ? "grid" : "one" };
    found.push(svg("line", look));
    found.push(svg("text", { x: box.left - 8, y: y(log10) + 4.5, class: "tick end" }, log10 ? power(log10) : "1"));
  }
  const count = narrow ? 4 : 8;
  const step = [1, 2, 5, 10, 20, 25, 50, 100, 200].find((one) => depth / one <= count);
  for (let l = 0; l <= depth; l += step) {
    if (l !== depth && depth - l < step / 2) continue; // no room beside the last
    const x = box.left + ((box.right - box.left) * l) / depth;
    found.push(svg("text", { x, y: box.bottom + 18, class: "tick middle" }, String(l)));
  }
  if (depth % step) found.push(svg("text", { x: box.right, y: box.bottom + 18, class: "tick middle" }, String(depth)));
  return found;
}

/** Broken where there is no number; what is 0 or infinite runs along the edge. */
function lineThrough(row, x, y) {
  const runs = [[]];
  row.forEach((log10, i) => {
    if (Number.isNaN(log10)) runs.push([]);
    else runs.at(-1).push([x(i), y(log10)]);
  });
  return runs.map(through).join("");
}

/** What the two lines are, for the row above the chart. */
export function drawKey(right, y) {
  const group = svg("g", {});
  let x = right;
  for (const look of ["residual", "plain"]) {
    const words = t(`shared.${look}_net`);
    group.append(svg("text", { x, y: y + 4.5, class: "key end" }, words));
    x -= 9 + 7.4 * words.length;
    group.append(svg("line", { x1: x - 34, x2: x, y1: y, y2: y, class: `line ${look}` }));
    x -= 52;
  }
  return group;
}
