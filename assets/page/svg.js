// Drawing in SVG.

/** An element with attributes and children; text is a child, too. */
export function svg(name, attributes = {}, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

export const clamp = (value, low, high) => Math.min(high, Math.max(low, value));

/** Linear between points, level beyond them. */
export function between(value, from, to) {
  if (value <= from[0]) return to[0];
  const i = from.findIndex((bound) => value <= bound);
  if (i < 0) return to.at(-1);
  return to[i - 1] + ((value - from[i - 1]) / (from[i] - from[i - 1])) * (to[i] - to[i - 1]);
}

/** A line through points, for the attribute d. */
export const through = (points) =>
  points.map(([x, y], i) => `${i ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");
