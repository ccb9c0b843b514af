// The backward pass in slow motion: one edge a step, in the order in which gradient really goes, with its own credit.
// Pure. Nothing is computed here; what is printed is the number of the trace.

import { readable } from "../../draw/numbers.js";
import { drawnEdges, edgeName } from "./edges.js";

const DIGITS = 6;

/**
 * @typedef {{taken: number, of: number, edge: Edge | null, visible: Set<string>, since: number,
 *   caption: string}} WalkView
 *   `edge` is the one that was taken last, `visible` names all taken so far; from step `since` on all gradient has
 *   arrived
 */

/**
 * @param {Walk | null} walk
 * @returns {WalkView | null} null when no walk is under way
 */
export function walkView(walk) {
  if (!walk) return null;
  const edges = drawnEdges(walk.trace);
  const taken = Math.min(Math.max(walk.taken, 0), edges.length);
  const edge = taken ? edges[taken - 1] : null;
  return {
    taken,
    of: edges.length,
    edge,
    visible: new Set(edges.slice(0, taken).map(edgeName)),
    since: arrived(walk.trace, edge, taken === edges.length),
    caption: caption(walk.trace, edge, taken, edges.length),
  };
}

/**
 * Edges are taken from the latest reader back, so at the reader of the one at hand, and after it, no gradient is
 * missing.
 * @param {Trace} trace @param {Edge | null} edge the last one that was taken @param {boolean} done
 */
function arrived(trace, edge, done) {
  if (done) return 0;
  return edge ? edge.reader : (trace.loss_step ?? trace.steps - 1);
}

/** How many edges a walk over this trace takes. @param {Trace} trace */
export const walkLength = (trace) => drawnEdges(trace).length;

/** @param {Trace} trace @param {Edge | null} edge @param {number} taken @param {number} of */
function caption(trace, edge, taken, of) {
  if (!edge) return `${start(trace)} ${of === 1 ? "1 edge carries" : `${of} edges carry`} it back; › takes the first.`;
  const { kind, reader, source, credit, weight, chosen } = edge;
  const how =
    kind === "local"
      ? "local edge"
      : chosen
        ? `skip edge, weight ${readable(weight, 3)}`
        : "skip edge to the threshold memory, weight 0";
  const cut = Array.from(trace.cuts).includes(source) ? ` Scissors at step ${source}: its local edge is cut.` : "";
  const end = taken === of ? " That was the last one." : "";
  const taking = `step ${reader} → step ${source}, credit ${readable(credit, DIGITS)} (${how})`;
  return `Edge ${taken} of ${of}: ${taking}.${cut}${end}`;
}

/** @param {Trace} trace */
function start(trace) {
  if (trace.loss_step === null) return "Gradient of the whole loss enters at every step with a target.";
  const norm = readable(trace.gradient_norm.sab?.[trace.loss_step], DIGITS);
  return `The loss of step ${trace.loss_step} enters there: gradient norm ${norm}.`;
}
