// Names at the lines of the gradient panel, beside the end of each line and never over one another. Pure.

import { rulesCalled } from "./methods.js";

const LINE_PX = 14;
const CLOSE_PX = 90;
/** @typedef {Rule | "before"} Line */

/**
 * @param {Record<string, Column>} norms
 * @param {TimeAxis} axis
 * @param {(value: number) => number} y px of a norm
 * @param {string} own name of rule sab; the series `before`, while arcs are knocked out, is that of before
 * @returns {{rule: Line, name: string, x: number, y: number, anchor: "start" | "end"}[]}
 */
export function lineLabels(norms, axis, y, own) {
  /** @type {{rule: Line, name: string, x: number, y: number, anchor: "start" | "end"}[]} */
  const labels = [];
  const before = { rule: /** @type {const} */ ("before"), name: `${own} before` };
  for (const { rule, name } of [...rulesCalled(own), before]) {
    const runs = segments(norms[rule] ?? [], axis);
    if (runs.length === 0) continue;
    labels.push({ rule, name, ...place(rule, runs, norms[rule], axis, y) });
  }
  return apart(labels);
}

/**
 * Rule sab is named at the interval farthest back, truncated where its line begins, full where it ends; each where
 * there is room.
 * @param {Line} rule @param {[number, number][]} runs @param {Column} norm @param {TimeAxis} axis
 * @param {(value: number) => number} y
 * @returns {{x: number, y: number, anchor: "start" | "end"}}
 */
function place(rule, runs, norm, axis, y) {
  const [from, to] = rule === "truncated" ? runs[runs.length - 1] : runs[0];
  const room = axis.width - axis.right - axis.x(to) > CLOSE_PX;
  if (rule === "truncated" && room) return { x: axis.x(to) + 9, y: y(norm[to]) + 4, anchor: "start" };
  if ((rule === "sab" || rule === "before") && runs.length > 1)
    return { x: axis.x(to) + 7, y: y(norm[to]) + 4, anchor: "start" };
  if (axis.x(from) - axis.left > CLOSE_PX) return { x: axis.x(from) - 7, y: y(norm[from]) + 16, anchor: "end" };
  return { x: axis.x(from) + 6, y: y(norm[from]) - 8, anchor: "start" };
}

/**
 * Runs of steps with a positive, finite norm.
 * @param {Column} norm @param {TimeAxis} axis @returns {[number, number][]}
 */
function segments(norm, axis) {
  /** @type {[number, number][]} */
  const runs = [];
  Array.from(norm).forEach((value, step) => {
    if (!(value > 0 && Number.isFinite(value)) || !axis.has(step)) return;
    const last = runs[runs.length - 1];
    if (last && last[1] === step - 1) last[1] = step;
    else runs.push([step, step]);
  });
  return runs;
}

/** @template {{x: number, y: number}} L @param {L[]} labels @returns {L[]} */
function apart(labels) {
  const done = /** @type {L[]} */ ([]);
  for (const label of [...labels].sort((a, b) => a.y - b.y)) {
    const clash = done.filter((other) => Math.abs(other.x - label.x) < CLOSE_PX).map((other) => other.y + LINE_PX);
    done.push({ ...label, y: Math.max(label.y, ...clash) });
  }
  return done;
}
