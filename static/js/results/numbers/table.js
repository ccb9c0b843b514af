// The table of trials: its columns, what stands in them, and in which order the trials stand. Pure.

import { grouped } from "../../draw/numbers.js";
import { short } from "../figures/scale.js";
import { textOf } from "./axes.js";
import { figureOf, isLive } from "./trials.js";

/**
 * @typedef {{key: string, title: string, about: string, number: boolean, value: (row: Results.Row) => number | string |
 *   null, text: (row: Results.Row) => string}} Column
 */

const BADLY = ["failed", "diverged", "stopped", "interrupted"];

/** How a trial ended, or stands. @type {readonly Column[]} */
const ENDS = [
  {
    key: "verdict",
    title: "verdict",
    about: "what became of the trial, by looks at unseen examples",
    number: false,
    value: ({ verdict }) => verdict,
    text: ({ verdict }) => verdict ?? "–",
  },
  {
    key: "updates",
    title: "updates",
    about: "updates made, and how the trial stands",
    number: true,
    value: ({ update }) => update,
    text: standing,
  },
];

/** @param {Results.View} view @returns {Column[]} */
export function columnsOf({ axes, metrics }) {
  const own = new Set(["learned", "updates"]);
  return [
    {
      key: "name",
      title: "Run",
      about: "leads to the run in the explorer",
      number: false,
      value: nameOf,
      text: nameOf,
    },
    ...axes.map((axis) => ({
      key: axis.path,
      title: axis.name,
      about: axis.path,
      number: axis.numeric,
      value: (/** @type {Results.Row} */ { run }) => axis.places.get(run) ?? null,
      text: (/** @type {Results.Row} */ row) => textOf(row, axis.path),
    })),
    ...metrics
      .filter(({ name }) => !own.has(name))
      .map(({ name, about }) => ({
        key: name,
        title: name,
        about,
        number: true,
        value: (/** @type {Results.Row} */ row) => figureOf(row, name),
        text: (/** @type {Results.Row} */ row) => textOfFigure(figureOf(row, name)),
      })),
    ...ENDS,
  ];
}

/** @param {Results.Row} row */
const nameOf = ({ name }) => name;

/** @param {number | null} figure */
const textOfFigure = (figure) => (figure === null ? "–" : short(figure));

/** @param {Results.Row} row */
function standing(row) {
  if (row.status === "queued") return "waits";
  if (isLive(row)) return `${grouped(row.update)} of ${grouped(row.updates)}`;
  return `${BADLY.includes(row.status) ? `${row.status} at ` : ""}${grouped(row.update)}`;
}

/** The order when nobody has asked for one: the best by the metric first. @param {Results.Metric} metric */
export const usualSort = ({ name, better }) => (better === "higher" ? `-${name}` : name);

/**
 * Trials in the order of a column; those without a value stand at the end either way, equals as they were.
 * @param {readonly Results.Row[]} rows @param {readonly Column[]} columns @param {string} sort
 * @returns {Results.Row[]}
 */
export function sortedRows(rows, columns, sort) {
  const falling = sort.startsWith("-");
  const column = columns.find(({ key }) => key === sort.replace("-", ""));
  // What has no column of its own, as the share that learned, follows the verdict.
  const value = column ? column.value : (/** @type {Results.Row} */ row) => figureOf(row, sort.replace("-", ""));
  const keyed = rows.map((row) => ({ row, of: value(row) }));
  const sign = falling ? -1 : 1;
  const has = keyed.filter(({ of }) => of !== null);
  has.sort((a, b) => sign * compared(a.of, b.of));
  return [...has, ...keyed.filter(({ of }) => of === null)].map(({ row }) => row);
}

/** @param {number | string | null} a @param {number | string | null} b */
function compared(a, b) {
  if (typeof a === "number" && typeof b === "number") return a - b;
  const [one, other] = [String(a), String(b)];
  return one < other ? -1 : one > other ? 1 : 0;
}

/** The order after a press on a head: what is better first, then turned round. @param {string} now
 * @param {string} key @param {readonly Results.Metric[]} metrics */
export function nextSort(now, key, metrics) {
  const better = metrics.find(({ name }) => name === key)?.better;
  const first = better === "higher" ? `-${key}` : key;
  if (now !== first) return first;
  return first.startsWith("-") ? key : `-${key}`;
}
