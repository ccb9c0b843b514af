// What stands around the lines of the band: their names, and trials that have no figure. Pure.

import { lookOf } from "../../table/overlay/figure/look.js";
import { isLive } from "../numbers/trials.js";
import { node, text, widthOf } from "./nodes.js";

/**
 * Trials without a figure stand on the axis, with how many: × for those that ended, … for those that
 * may yet have one.
 * @param {readonly Results.Row[]} rows
 * @param {{x: Results.Axis | null, along: (place: number) => number, foot: number}} frame @param {Results.Look} look
 */
export function crosses(rows, { x, along, foot }, look) {
  const counts = /** @type {Map<number, {ended: number, live: number}>} */ (new Map());
  for (const row of rows) {
    const place = x?.places.get(row.run) ?? 0;
    const at = counts.get(place) ?? { ended: 0, live: 0 };
    at[isLive(row) ? "live" : "ended"] += 1;
    counts.set(place, at);
  }
  const marks = /** @type {const} */ ([
    ["ended", "×", look.warn],
    ["live", "…", look.muted],
  ]);
  return [...counts].flatMap(([place, at]) =>
    marks
      .filter(([kind]) => at[kind] > 0)
      .map(([kind, mark, fill], nth, { length }) =>
        text(along(place) + (nth - (length - 1) / 2) * 26, foot - 2, at[kind] > 1 ? `${mark}${at[kind]}` : mark, {
          ...{ "text-anchor": "middle", fill, "font-weight": 700 },
        }),
      ),
  );
}

/** @param {readonly {label: string}[]} lines @param {Results.Look} look @param {number} begin px
 * @param {number} width px */
export function legendRows(lines, look, begin, width) {
  if (lines.length < 2) return { nodes: [], height: 0 };
  let [left, top] = [begin, 14];
  const nodes = lines.flatMap(({ label }, place) => {
    const wide = widthOf(label, 11) + 40;
    if (left + wide > width && left > begin) [left, top] = [begin, top + 18];
    const { color, lengths } = lookOf(place, look.curves);
    const at = left;
    left += wide;
    const stroke = { stroke: color, "stroke-width": 2, "stroke-dasharray": lengths || null };
    return [
      node("line", { x1: at, x2: at + 22, y1: top - 4, y2: top - 4, ...stroke }),
      text(at + 27, top, label, { fill: look.text }),
    ];
  });
  return { nodes, height: top };
}
