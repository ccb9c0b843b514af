// The panel of a step as a picture to take away: its facts on the left, the memories it reads on the right, a bar a weight.
// The page shows the same numbers as tables (panels/step/panel.js).

import { readable } from "../../draw/numbers.js";
import { factRows, stepReadings } from "./selector.js";
import { svg } from "../../draw/layers/dom.js";

const ROW_PX = 19;
const TOP_PX = 48;
const NAME_PX = 86;
/** Wide enough for the longest thing a fact says. */
const FACT_PX = 84;
const MEMORY_PX = 66;
const BAR_PX = 190;
const NUMBER_PX = 92;
const MONO = "ui-monospace, monospace";

/**
 * @param {Trace} trace
 * @param {number[]} steps the chosen one, then the pinned ones
 * @param {Theme} theme
 * @returns {{drawing: SVGSVGElement, width: number, height: number}} sizes in px
 */
export function stepPicture(trace, steps, theme) {
  const facts = factRows(trace, steps);
  const readings = stepReadings(trace, steps[0]);
  const middle = NAME_PX + Math.max(steps.length, 2) * FACT_PX + 12;
  const bar = middle + MEMORY_PX;
  const width = bar + BAR_PX + 2 * NUMBER_PX + 12;
  const height = TOP_PX + Math.max(facts.length, readings.length, 1) * ROW_PX;
  const text = (
    /** @type {number} */ x,
    /** @type {number} */ y,
    /** @type {string} */ content,
    /** @type {import("../../draw/layers/dom.js").Attributes} */ look = {},
  ) => svg("text", { x, y, "font-size": 12, fill: theme.text, ...look }, content);
  const head = (/** @type {number} */ x, /** @type {string} */ content, /** @type {string} */ anchor = "start") =>
    text(x, TOP_PX - 8, content, { fill: theme.muted, "text-anchor": anchor });
  const rows = facts.flatMap(({ name, values }, index) => {
    const y = TOP_PX + index * ROW_PX + 13;
    return [
      text(8, y, name, { fill: theme.muted }),
      ...values.map((value, place) => text(NAME_PX + place * FACT_PX, y, value, { "font-family": MONO })),
    ];
  });
  const bars = readings.flatMap(({ source, weight, credit, threshold }, index) => {
    const top = TOP_PX + index * ROW_PX;
    return [
      text(middle, top + 13, source === -1 ? "∅ empty" : `step ${source}`),
      svg("rect", { x: bar, y: top + 2, width: BAR_PX, height: ROW_PX - 5, fill: theme.line, "fill-opacity": 0.4 }),
      svg("rect", {
        "data-weight": source,
        x: bar,
        y: top + 2,
        width: (Math.min(Math.max(weight, 0), 1) * BAR_PX).toFixed(2),
        height: ROW_PX - 5,
        fill: theme.sab,
        "fill-opacity": 0.85,
      }),
      text(bar + BAR_PX + 6, top + 13, threshold ? "0, threshold" : readable(weight, 3), { "font-family": MONO }),
      text(width - 12, top + 13, credit === null ? "–" : readable(credit, 3), {
        "font-family": MONO,
        "text-anchor": "end",
      }),
    ];
  });
  const drawing = /** @type {SVGSVGElement} */ (
    svg(
      "svg",
      {},
      text(8, 20, `Step ${steps[0]}`, { "font-size": 14, "font-weight": 600 }),
      ...(steps.length > 1
        ? steps.map((step, place) =>
            text(
              NAME_PX + place * FACT_PX,
              TOP_PX - 8,
              String(step),
              place ? { fill: theme.muted } : { "font-weight": 600 },
            ),
          )
        : []),
      head(middle, "memory"),
      head(bar, "weight, 0 to 1"),
      head(width - 12, "credit", "end"),
      ...rows,
      ...bars,
      ...(readings.length ? [] : [text(middle, TOP_PX + 13, "no memory is read at this step")]),
    )
  );
  return { drawing, width, height };
}
