// What the colours of a picture mean: a bar from the worst to the best, with both ends as numbers. Pure.

import { node, round, text, widthOf } from "./nodes.js";
import { coloursOf, short } from "./scale.js";

const STEPS = 24;
const BAR = { width: 120, height: 10 };
export const LEGEND_PX = 26;

/**
 * @param {import("./scale.js").Scale} scale @param {Results.Look} look @param {number} right px, where it ends
 */
export function legendOf(scale, look, right) {
  const { low, high, log, better } = scale;
  const [worst, best] = better === "higher" ? [low, high] : [high, low];
  const colour = coloursOf(scale, look);
  const at = (/** @type {number} */ share) => {
    const place = better === "higher" ? share : 1 - share;
    return log ? low * (high / low) ** place : low + (high - low) * place;
  };
  const end = short(best) + " best";
  const from = right - widthOf(end, 11) - 6 - BAR.width;
  const step = BAR.width / STEPS;
  return node(
    "g",
    { "aria-hidden": "true", "font-size": 11, fill: look.muted },
    text(from - 6, 14, `${log ? "by powers of ten, " : ""}${short(worst)}`, { "text-anchor": "end" }),
    ...Array.from({ length: STEPS }, (_, index) =>
      node("rect", {
        ...{ x: round(from + index * step), y: 5, width: round(step + 0.5), height: BAR.height },
        fill: colour(at((index + 0.5) / STEPS)).fill,
      }),
    ),
    text(from + BAR.width + 6, 14, end),
  );
}
