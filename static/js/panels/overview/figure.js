// A long sequence at a glance: shown arcs as hairlines, the steps that SAB reaches, losses in bins. Pure geometry.
// A bin shows the largest number of its steps, so nothing disappears for want of pixels.

import { shownArcs } from "../../state/selectors/edges.js";

const BIN_PX = 2;
const MOST_ARCS = 150;
const LEAST_ARCS_PX = 30;
/** What lies under the arcs: reach, loss, ticks. */
const BELOW_PX = 32;
export const LOSS_PX = 10;

/**
 * @typedef {{arcs: {reader: number, source: number, d: string, opacity: number}[], reached: {x: number, width:
 *   number}[],
 *   loss: {x: number, share: number}[], binned: number, rings: number[], reader: number | null, base: number}}
 *   OverviewFigure
 *   binned: steps in a bin; base: where the arcs stand, px from the top
 */

/**
 * @param {Trace} trace
 * @param {TimeAxis} axis of the whole sequence
 * @param {number} height px of the drawing
 * @returns {OverviewFigure}
 */
export function overviewFigure(trace, axis, height = 0) {
  const base = Math.max(height - BELOW_PX, LEAST_ARCS_PX);
  const sources = trace.loss_step === null ? [] : (trace.true_sources[String(trace.loss_step)] ?? []);
  return {
    base,
    arcs: arcs(trace, axis, base),
    reached: (trace.reach.sab ?? []).map(([from, to]) => ({
      x: axis.x(from) - axis.cell / 2,
      width: Math.max((to - from + 1) * axis.cell, 1.5),
    })),
    ...losses(trace, axis),
    rings: sources.map(axis.x),
    reader: trace.loss_step === null ? null : axis.x(trace.loss_step),
  };
}

/** @param {Trace} trace @param {TimeAxis} axis @param {number} base px */
function arcs(trace, axis, base) {
  const found = shownArcs(trace).slice(0, MOST_ARCS);
  const strongest = found[0]?.credit ?? 1;
  return found.map(({ reader, source, credit }) => {
    const [from, to] = [axis.x(reader), axis.x(source)];
    const rise = Math.max(base * ((reader - source) / axis.steps) ** 0.6, 5);
    return {
      reader,
      source,
      d: `M${px(from)} ${base}Q${px((from + to) / 2)} ${px(base - 2 * rise + 4)} ${px(to)} ${base}`,
      opacity: 0.35 + 0.65 * Math.sqrt(credit / strongest),
    };
  });
}

/** @param {Trace} trace @param {TimeAxis} axis */
function losses(trace, axis) {
  const binned = Math.max(Math.ceil(BIN_PX / axis.cell), 1);
  const values = Array.from(trace.loss_T);
  const most = Math.max(...values.filter(Number.isFinite), Number.MIN_VALUE);
  const loss = [];
  for (let from = 0; from < trace.steps; from += binned) {
    const largest = Math.max(
      ...values.slice(from, from + binned).map((value) => (Number.isFinite(value) ? value : most)),
    );
    loss.push({ x: axis.x(from) - axis.cell / 2, share: largest / most });
  }
  return { loss, binned };
}

/** @param {number} value */
const px = (value) => String(Math.round(value * 10) / 10);
