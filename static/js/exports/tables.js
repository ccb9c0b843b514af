// One table per panel, as CSV or JSON: the same numbers, names and characters as the server's files (app/export). Pure.
// Numbers are printed by Number.prototype.toString; a missing or non-finite one is an empty cell, or null.

import { csvText } from "../draw/csv.js";
import { shownArcs } from "../state/selectors/edges.js";
import { normsOf } from "../panels/gradients/selector.js";
import { stepReadings } from "../panels/step/selector.js";
import { cell, curves, health } from "./training.js";

const RULES = ["sab", "truncated", "full"];
/**
 * @typedef {(number | string | null)[]} Cells
 * @typedef {{panel: PagePanel | ListPanel, columns: [string, Cells][]}} Table
 */

/**
 * @param {PagePanel} panel
 * @param {Trace | null} trace for all panels but curves and health
 * @param {{metrics: Metrics, looks: Looks, cell?: boolean}} state its columns for curves and health; `cell` when
 *   gradients of c are drawn
 * @param {number | null} step whose readings are wanted, for the panel "step"
 * @returns {Table}
 */
export function tableOf(panel, trace, { metrics, looks, cell: ofCell = false }, step = null) {
  if (panel === "curves") return { panel, columns: curves(metrics) };
  if (panel === "health") return { panel, columns: health(looks) };
  if (!trace) throw new Error("nothing is shown yet; wait for the first picture");
  if (panel === "step") return { panel, columns: readings(trace, step) };
  if (panel === "gradients") return { panel, columns: gradients(trace, ofCell) };
  const columns = { attention, paths, sequence, overview }[panel](trace);
  return { panel, columns };
}

/**
 * What a person sees in the strip, as the API writes it: symbols by number, values in full.
 * @param {Trace} trace @returns {Table["columns"]}
 */
function sequence(trace) {
  const said = (/** @type {Value[]} */ values) =>
    values.map((value) =>
      Array.isArray(value) ? value.join(" ") : typeof value === "number" ? cell(value) : (value ?? null),
    );
  return [
    ["step", trace.inputs.map((_, step) => step)],
    ["input", said(trace.inputs)],
    ["target", said(trace.targets)],
    ["prediction", said(trace.predictions)],
    ["loss", Array.from(trace.loss_T, cell)],
  ];
}

/**
 * Memories that one step reads, with the credit of their skip edges.
 * @param {Trace} trace @param {number | null} step @returns {Table["columns"]}
 */
function readings(trace, step) {
  const found = step === null ? [] : stepReadings(trace, step);
  return [
    ["reader", found.map(() => step)],
    ["source", found.map(({ source }) => source)],
    ["weight", found.map(({ weight }) => cell(weight))],
    ["credit", found.map(({ credit }) => (credit === null ? null : cell(credit)))],
  ];
}

/**
 * The arcs over the whole of a long sequence, the most credit first.
 * @param {Trace} trace @returns {Table["columns"]}
 */
function overview(trace) {
  const arcs = shownArcs(trace);
  return [
    ["reader", arcs.map(({ reader }) => reader)],
    ["source", arcs.map(({ source }) => source)],
    ["weight", arcs.map(({ weight }) => (weight === null ? null : cell(weight)))],
    ["credit", arcs.map(({ credit }) => cell(credit))],
  ];
}

/** @param {Trace} trace @returns {Table["columns"]} */
function attention({ attention: { reader, source, weight }, versus }) {
  if (versus) {
    const [own, base] = [versus.own, versus.base].map((column) => Array.from(column, cell));
    return [
      ["reader", Array.from(reader)],
      ["source", Array.from(source)],
      ["weight", own],
      ["baseline", base],
      ["difference", Array.from(weight, cell)],
    ];
  }
  return [
    ["reader", Array.from(reader)],
    ["source", Array.from(source)],
    ["weight", Array.from(weight, cell)],
  ];
}

/**
 * The norms that are drawn; those of c have names of their own.
 * @param {Trace} trace @param {boolean} ofCell @returns {Table["columns"]}
 */
function gradients(trace, ofCell) {
  const norms = normsOf(trace, ofCell);
  const all = Array.from({ length: trace.steps }, (_, step) => step);
  return [
    ["step", all],
    ...RULES.map(
      (rule) =>
        /** @type {Table["columns"][0]} */ ([
          ofCell ? `${rule}_cell` : rule,
          all.map((step) => (norms[rule] ? cell(norms[rule][step]) : null)),
        ]),
    ),
  ];
}

/** @param {Trace} trace @returns {Table["columns"]} */
function paths(trace) {
  const credit = new Map(trace.edges.map((edge) => [`${edge.kind} ${edge.reader} ${edge.source}`, cell(edge.credit)]));
  const rows = trace.paths.flatMap((path, number) =>
    path.kinds.map((kind, hop) => {
      const [reader, source] = [path.steps[hop], path.steps[hop + 1]];
      return [
        number + 1,
        hop + 1,
        kind,
        reader,
        source,
        credit.get(`${kind} ${reader} ${source}`) ?? null,
        path.strength,
      ];
    }),
  );
  const names = ["path", "hop", "kind", "reader", "source", "credit", "strength"];
  return names.map((name, place) => [name, rows.map((row) => row[place])]);
}

/**
 * @param {Table} table
 * @param {Caption} caption
 * @returns {string} `# key: value` lines, the header, the rows; LF
 */
export function toCsv({ columns }, caption) {
  const head = captionLines(caption).map((line) => `# ${line}`);
  const rows = Array.from({ length: columns[0][1].length }, (_, row) =>
    columns.map(([, cells]) => text(cells[row])).join(","),
  );
  return [...head, columns.map(([name]) => name).join(","), ...rows, ""].join("\n");
}

/** @param {Table} table @param {Caption} caption */
export function toJson({ panel, columns }, caption) {
  return `${JSON.stringify({ panel, caption, columns: Object.fromEntries(columns) }, null, 1)}\n`;
}

/** @param {number | string | null} value */
const text = (value) => (value === null ? "" : typeof value === "string" ? csvText(value) : String(value));

/** @param {Caption} caption */
export function captionLines(caption) {
  return /** @type {[string, unknown][]} */ (Object.entries(caption)).map(
    ([key, value]) => `${key}: ${captionText(value)}`,
  );
}

/** @param {unknown} value */
function captionText(value) {
  if (typeof value === "string") return value.replace(/[\u0000-\u001f\u007f\u2028\u2029]+/g, " ");
  return typeof value === "object" && value !== null ? JSON.stringify(value) : String(value);
}
