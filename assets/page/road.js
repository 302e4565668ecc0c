// A network as a road by night, seen from above: a toll per block, and overpasses where it has shortcuts. What comes
// back from the loss shines: lamps as large as the signal, streams that fork as the gradient does.
import { DATA } from "./data.js";
import { between, clamp, svg, through } from "./svg.js";

const { floor: FLOOR, ceiling: CEILING } = DATA.signal;
const FINE = 18; // points of a path to each bend

/** Which blocks are drawn of `depth` (counted from 1) if at most `most` can be, and the states between them. */
export function sampled(depth, most) {
  if (depth <= most) return { blocks: upTo(depth).map((l) => l + 1), states: upTo(depth + 1) };
  let best = null;
  for (let count = most; count > Math.max(1, Math.round(0.6 * most) - 1); count--) {
    const states = upTo(count + 1).map((i) => Math.round((i * depth) / count));
    const steps = states.slice(1).map((state, i) => state - states[i]);
    const unevenness = Math.max(...steps) / Math.min(...steps);
    if (!best || unevenness < best.unevenness) best = { states, unevenness };
  }
  const { states } = best;
  const blocks = states.slice(1).map((state, i) => Math.floor((states[i] + state + 1) / 2));
  blocks[0] = 1;
  blocks[blocks.length - 1] = depth;
  return { blocks, states };
}

const upTo = (count) => Array.from({ length: count }, (_, i) => i);

/** Radius of a lamp, width of a stream, in px. */
const lampOf = (log10, most) => Math.min(most, between(log10, [FLOOR, 0, CEILING], [1.6, 8, 14]));
const streamOf = (log10) => between(log10, [FLOOR, 0, CEILING], [0.8, 6.5, 10]);
const shines = (log10) => log10 >= FLOOR; // what is no number does not
const strength = (log10) => between(log10, [FLOOR, 0], [0.45, 1]);

/** The gradient's colour, turning to danger from 1 to 1000. */
export function colourOf(log10) {
  const heat = Math.round(between(log10, [0, 3], [0, 100]));
  return heat ? `color-mix(in srgb, var(--danger) ${heat}%, var(--gradient))` : "var(--gradient)";
}

/**
 * Where things are on a road: x, the places of the states drawn; y, its height; room, how far up and down it may reach.
 */
function planOf(x, y, room) {
  const pitch = x[1] - x[0];
  const bends = Math.max(1, 2 * Math.round((pitch / 62 - 1) / 2) + 1); // odd: a toll stands in a bend
  const swing = Math.min((0.42 * pitch) / bends, 0.4 * room);
  const side = (u) => Math.sin(Math.PI * bends * u);
  const width = clamp(0.3 * pitch, 8, 18);
  return {
    x,
    y,
    width,
    toll: { wide: clamp(0.42 * pitch, 9, 26), high: clamp(0.58 * pitch, 16, 32) },
    lamp: clamp(0.3 * pitch, 3, 14),
    place: (u) => [x[Math.floor(u)] + (u % 1) * ((x[Math.floor(u) + 1] ?? 0) - x[Math.floor(u)]), y - swing * side(u)],
    points: (from, to) => upTo((to - from) * FINE * bends + 1).map((i) => from + i / (FINE * bends)),
    rise: clamp(0.26 * pitch, 9, 20),
  };
}

/** The road of one network. journey: see journey.js; skip: 0 plain, 1 residual. Gives what stands and what shines. */
export function drawRoad(journey, skip, drawn, x, y, room) {
  const plan = planOf(x, y, room);
  const last = drawn.blocks.length;
  const course = plan.points(0, last).map((u) => (u === last ? [x[last], y] : plan.place(u)));
  const still = svg("g", { class: "still" });
  const shining = svg("g", { class: "shining" });
  const above = svg("g", { class: "above" });
  const over = svg("g", { class: "shining" });
  for (const [name, width] of [
    ["land", 2.6 * plan.width],
    ["kerb", plan.width + 3],
    ["asphalt", plan.width],
    ["marks", 1.2],
  ])
    still.append(svg("path", { d: through(course), class: name, "stroke-width": width }));
  drawn.blocks.forEach((block, i) => {
    const log10 = journey.log10[skip][block - 1]; // in front of the block, where its two ways have met again
    const share = skip && journey.skips[block - 1] ? journey.share[block - 1] : 0;
    const along = plan.points(i, i + 1).map((u) => (u === last ? [x[last], y] : plan.place(u)));
    shining.append(...stream(along, log10, 1 - share));
    above.append(toll(plan, i, journey.layers[block - 1]));
    if (!skip || !journey.skips[block - 1]) return;
    const way = overpass(plan, i);
    above.append(...deck(way, log10, share, plan.y));
    over.append(...stream(way, log10, share));
  });
  over.append(...drawn.states.map((state, i) => lamp(journey.log10[skip][state], x[i], y, plan.lamp)));
  return { still, shining, above, over };
}

/** Width of what comes back by one way, which has a share of all. */
const partOf = (log10, share) =>
  shines(log10) && Math.abs(share) >= 0.005 ? clamp(streamOf(log10) * Math.abs(share), 0.7, 12) : 0;

/** What comes back by one way. Dashed where it takes away from what the other brings. */
function stream(way, log10, share) {
  const width = partOf(log10, share);
  if (!width) return [];
  const look = { stroke: colourOf(log10), "stroke-width": width, opacity: strength(log10) };
  return [svg("path", { d: through(way), class: share < 0 ? "stream against" : "stream", ...look })];
}

/** A toll with a bar for each layer. */
function toll(plan, i, layers) {
  const [x, y] = plan.place(i + 0.5);
  const { wide, high } = plan.toll;
  const bars = Math.min(layers, 3);
  const bar = { width: 0.56 * wide, height: Math.max(2, 0.17 * high), rx: 1.5, class: "bar" };
  return svg(
    "g",
    {},
    svg("rect", { x: x - wide / 2, y: y - high / 2, width: wide, height: high, rx: 0.2 * wide, class: "toll" }),
    ...upTo(bars).map((k) => {
      const middle = y + (k - (bars - 1) / 2) * 0.3 * high;
      return svg("rect", { x: x - 0.28 * wide, y: middle - bar.height / 2, ...bar });
    }),
  );
}

/** The way of an overpass, from state to state. */
function overpass(plan, i) {
  const [from, to] = [plan.x[i], plan.x[i + 1]];
  return upTo(FINE + 1).map((k) => {
    const u = k / FINE;
    return [from + (to - from) * u, plan.y - plan.rise * Math.sin(Math.PI * u) ** 1.5];
  });
}

/** What an overpass is built of: pillars, and a deck as wide as what it carries asks for. */
function deck(way, log10, share, ground) {
  const width = Math.min(partOf(log10, share), 9) + 6;
  const feet = [0.3, 0.7].map((u) => {
    const [x, y] = way[Math.round(u * FINE)];
    return svg("path", { d: `M${x.toFixed(1)} ${y.toFixed(1)}V${ground + 8}`, class: "pillar" });
  });
  const [edges, top] = [
    { class: "deck", "stroke-width": width },
    { class: "roadway", "stroke-width": width - 4 },
  ];
  return [...feet, svg("path", { d: through(way), ...edges }), svg("path", { d: through(way), ...top })];
}

/** What arrives at a state: a lamp, hatched where it grows beyond 1000; a dashed ring where it is too faint. */
export function lamp(log10, x, y, most = 14) {
  const group = svg("g", { transform: `translate(${x.toFixed(1)} ${y})` });
  if (!shines(log10)) {
    const lost = !(log10 < FLOOR); // no number any more
    group.append(svg("circle", { r: Math.min(5, most), class: "ring" }));
    if (lost) group.append(svg("path", { d: "M-3 -3L3 3M3 -3L-3 3", class: "cross" }));
    return group;
  }
  const r = lampOf(log10, most);
  const fill = colourOf(log10);
  for (const [wide, faint] of [
    [2.3, 0.08],
    [1.8, 0.12],
    [1.4, 0.2],
  ])
    group.append(svg("circle", { r: wide * r, fill, opacity: faint * strength(log10) }));
  group.append(svg("circle", { r, fill, class: "lamp", opacity: strength(log10) }));
  if (log10 > 3) group.append(svg("circle", { r, class: "hatched" }));
  else if (r > 4)
    group.append(svg("path", { d: `M${0.3 * r} ${-0.45 * r}L${-0.3 * r} 0L${0.3 * r} ${0.45 * r}`, class: "arrow" }));
  return group;
}
