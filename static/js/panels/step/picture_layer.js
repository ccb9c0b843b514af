// The panel of a step as a picture to take away: its facts on the left, the memories it reads on the right, a bar a
// weight. The page shows the same numbers as tables (panels/step/panel.js).

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
 * @typedef {(x: number, y: number, content: string, look?: import("../../draw/layers/dom.js").Attributes) =>
 *   SVGElement} Text
 * @typedef {{middle: number, bar: number, width: number}} Columns left edges and the whole, px
 */

/**
 * @param {Trace} trace
 * @param {number[]} steps the chosen one, then the pinned ones
 * @param {Theme} theme
 * @returns {{drawing: SVGSVGElement, width: number, height: number}} sizes in px
 */
export function stepPicture(trace, steps, theme) {
  const facts = factRows(trace, steps);
  const readings = stepReadings(trace, steps[0]);
  const columns = columnsFor(steps.length);
  /** @type {Text} */
  const text = (x, y, content, look = {}) => svg("text", { x, y, "font-size": 12, fill: theme.text, ...look }, content);
  const drawing = /** @type {SVGSVGElement} */ (
    svg(
      "svg",
      {},
      ...heads(steps, columns, theme, text),
      ...facts.flatMap((fact, index) => factRow(fact, rowTop(index), theme, text)),
      ...readings.flatMap((reading, index) => readingRow(reading, rowTop(index), columns, theme, text)),
      ...(readings.length ? [] : [text(columns.middle, TOP_PX + 13, "no memory is read at this step")]),
    )
  );
  return { drawing, width: columns.width, height: rowTop(Math.max(facts.length, readings.length, 1)) };
}

const rowTop = (/** @type {number} */ index) => TOP_PX + index * ROW_PX;

/** @param {number} steps @returns {Columns} */
function columnsFor(steps) {
  const middle = NAME_PX + Math.max(steps, 2) * FACT_PX + 12;
  const bar = middle + MEMORY_PX;
  return { middle, bar, width: bar + BAR_PX + 2 * NUMBER_PX + 12 };
}

/** @param {number[]} steps @param {Columns} columns @param {Theme} theme @param {Text} text */
function heads(steps, { middle, bar, width }, theme, text) {
  const muted = { fill: theme.muted };
  const y = TOP_PX - 8;
  const numbers = steps.map((step, place) =>
    text(NAME_PX + place * FACT_PX, y, String(step), place ? muted : { "font-weight": 600 }),
  );
  return [
    text(8, 20, `Step ${steps[0]}`, { "font-size": 14, "font-weight": 600 }),
    ...(steps.length > 1 ? numbers : []),
    text(middle, y, "memory", muted),
    text(bar, y, "weight, 0 to 1", muted),
    text(width - 12, y, "credit", { ...muted, "text-anchor": "end" }),
  ];
}

/** @param {ReturnType<typeof factRows>[number]} fact @param {number} top @param {Theme} theme @param {Text} text */
function factRow({ name, values }, top, theme, text) {
  return [
    text(8, top + 13, name, { fill: theme.muted }),
    ...values.map((value, place) => text(NAME_PX + place * FACT_PX, top + 13, value, { "font-family": MONO })),
  ];
}

/**
 * @param {ReturnType<typeof stepReadings>[number]} reading @param {number} top @param {Columns} columns
 * @param {Theme} theme @param {Text} text
 */
function readingRow({ source, weight, credit, threshold }, top, { middle, bar, width }, theme, text) {
  const box = { x: bar, y: top + 2, height: ROW_PX - 5 };
  const filled = (Math.min(Math.max(weight, 0), 1) * BAR_PX).toFixed(2);
  const mono = { "font-family": MONO };
  return [
    text(middle, top + 13, source === -1 ? "∅ empty" : `step ${source}`),
    svg("rect", { ...box, width: BAR_PX, fill: theme.line, "fill-opacity": 0.4 }),
    svg("rect", { ...box, "data-weight": source, width: filled, fill: theme.sab, "fill-opacity": 0.85 }),
    text(bar + BAR_PX + 6, top + 13, threshold ? "0, threshold" : readable(weight, 3), mono),
    text(width - 12, top + 13, credit === null ? "–" : readable(credit, 3), { ...mono, "text-anchor": "end" }),
  ];
}
