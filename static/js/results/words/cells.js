// What a cell, a line or a dot says when one points at it: of which settings, how many trials, their figures. Pure.

import { counted, grouped } from "../../draw/numbers.js";
import { textOf } from "../numbers/axes.js";
import { figureOf } from "../numbers/trials.js";
import { short } from "../figures/scale.js";

/**
 * @param {Results.Cell} cell @param {Results.View} view
 * @returns {string[]} the first line names the settings
 */
export function cellWords(cell, view) {
  const shown = [view.x, view.y].filter((axis) => axis !== null);
  const settings = shown.map(({ name, values }, place) => `${name} ${values[cell.at[place]].text}`).join(", ");
  return [settings || "all trials", ...summaryWords(cell, view.metric), ...troubles(cell)];
}

/** @param {Results.Summary} cell @param {Results.Metric} metric @returns {string[]} */
function summaryWords({ n, of, mean, low, high, learned }, { name }) {
  const trials = n < of ? `${n} of ${counted(of, "trial")}` : counted(of, "trial");
  if (n === 0) return [`no ${name} yet of ${counted(of, "trial")}`, `${learned} of ${of} learned`];
  const mid = n === 1 ? `${name} ${short(mean)}` : `mean ${name} ${short(mean)}`;
  const spread = n > 1 ? [`least ${short(low)}, most ${short(high)}`] : [];
  return [`${mid} (${trials})`, ...spread, ...(name === "learned" ? [] : [`${learned} of ${of} learned`])];
}

/** @param {Results.Cell} cell @returns {string[]} */
function troubles({ rows, trouble, live, of }) {
  const reason = rows.find(({ status, reason: why }) => (status === "failed" || status === "diverged") && why)?.reason;
  return [
    ...(trouble ? [`${trouble} of ${of} failed or diverged${reason ? `: ${reason.slice(0, 90)}` : ""}`] : []),
    ...(live ? [`${live} of ${of} still to end`] : []),
  ];
}

/** The mark in a cell's corner: × where a trial failed or diverged, … where one is still to end.
 * @param {Results.Summary} cell */
export const markOf = ({ trouble, live }) => `${trouble ? "×" : ""}${live ? "…" : ""}`;

/**
 * One trial.
 * @param {Results.Row} row @param {Results.View} view
 * @returns {string[]}
 */
export function trialWords(row, { axes, metric }) {
  const figure = figureOf(row, metric.name);
  const settings = axes.map(({ path, name }) => `${name} ${textOf(row, path)}`).join(", ");
  return [
    settings || row.name,
    figure === null ? `no ${metric.name}` : `${metric.name} ${short(figure)}`,
    standing(row),
    ...(row.reason ? [row.reason.slice(0, 90)] : []),
  ];
}

/** How a trial stands, in words. @param {Results.Row} row */
export function standing({ verdict, status, update, updates }) {
  const judged = verdict ?? "no verdict";
  const at = status === "queued" ? "waits" : `${status} at update ${grouped(update)} of ${grouped(updates)}`;
  return `${judged} · ${at}`;
}
