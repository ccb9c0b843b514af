// A long sequence at a glance: shown arcs as hairlines, the steps that SAB reaches, losses in bins. Pure geometry.
// A bin shows the largest number of its steps, so nothing disappears for want of pixels.

import { edgeName, shownEdges } from "../selectors/edges.js";

const BIN_PX = 2;
const MOST_ARCS = 150;
export const ARCS_PX = 30;
export const LOSS_PX = 10;

/**
 * @typedef {{arcs: {reader: number, source: number, d: string, opacity: number}[], reached: {x: number, width: number}[],
 *   loss: {x: number, share: number}[], binned: number, rings: number[], reader: number | null}} OverviewFigure
 *   binned: steps in a bin
 */

/**
 * @param {Trace} trace
 * @param {TimeAxis} axis of the whole sequence
 * @returns {OverviewFigure}
 */
export function overviewFigure(trace, axis) {
  const sources = trace.loss_step === null ? [] : (trace.true_sources[String(trace.loss_step)] ?? []);
  return {
    arcs: arcs(trace, axis),
    reached: (trace.reach.sab ?? []).map(([from, to]) => ({ x: axis.x(from) - axis.cell / 2, width: Math.max((to - from + 1) * axis.cell, 1.5) })),
    ...losses(trace, axis),
    rings: sources.map(axis.x),
    reader: trace.loss_step === null ? null : axis.x(trace.loss_step),
  };
}

/** @param {Trace} trace @param {TimeAxis} axis */
function arcs(trace, axis) {
  const shown = shownEdges(trace);
  const found = trace.edges
    .filter((edge) => edge.kind === "skip" && edge.credit !== 0 && shown.has(edgeName(edge)))
    .sort((a, b) => b.credit - a.credit)
    .slice(0, MOST_ARCS);
  const strongest = found[0]?.credit ?? 1;
  return found.map(({ reader, source, credit }) => {
    const [from, to] = [axis.x(reader), axis.x(source)];
    const rise = Math.max(ARCS_PX * ((reader - source) / axis.steps) ** 0.6, 5);
    return { reader, source, d: `M${px(from)} ${ARCS_PX}Q${px((from + to) / 2)} ${px(ARCS_PX - 2 * rise + 4)} ${px(to)} ${ARCS_PX}`, opacity: 0.35 + 0.65 * Math.sqrt(credit / strongest) };
  });
}

/** @param {Trace} trace @param {TimeAxis} axis */
function losses(trace, axis) {
  const binned = Math.max(Math.ceil(BIN_PX / axis.cell), 1);
  const values = Array.from(trace.loss_T);
  const most = Math.max(...values.filter(Number.isFinite), Number.MIN_VALUE);
  const loss = [];
  for (let from = 0; from < trace.steps; from += binned) {
    const largest = Math.max(...values.slice(from, from + binned).map((value) => (Number.isFinite(value) ? value : most)));
    loss.push({ x: axis.x(from) - axis.cell / 2, share: largest / most });
  }
  return { loss, binned };
}

/** @param {number} value */
const px = (value) => String(Math.round(value * 10) / 10);
