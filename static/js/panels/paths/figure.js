// Backtracking paths as geometry: arcs for skip edges, ink on the baseline for local ones, scissors at cuts. Pure.
// Width is credit (not attention: that is written beside it), dash is the hop, height is distance.

import { edgeName, shownEdges } from "../../state/selectors/edges.js";
import { byCredit, toldArc } from "../story/path.js";
import { hopDash } from "../../draw/figures/methods.js";
import {
  ARC_CROWD,
  ARC_FOOT_PX,
  ARC_STEEPNESS,
  ARC_TOP_PX,
  CROSS_ALONG,
  CROSS_UP,
  INK_DECADES,
  LOWEST_ARC_PX,
  SHORTEST_SPAN,
  THINNEST_ARC_PX,
  THRESHOLD_DASH,
  WIDEST_ARC_PX,
} from "../../draw/look.js";

/**
 * @typedef {{kind: "skip" | "local", reader: number, source: number, credit: number, weight: number, chosen: boolean,
 *   hop: number, shown: boolean, d: string, width: number, dash: string, opacity: number, apex: [number, number]}} Arc
 * @typedef {{arc: Pair, d: string, apex: [number, number], cross: [number, number]}} Ghost an arc that was knocked out,
 *   and where its cross stands
 * @typedef {{baseline: number, skips: Arc[], locals: Arc[], ghosts: Ghost[], cuts: {step: number, x: number}[],
 *   rings: {step: number, x: number}[], reader: {step: number, x: number} | null, best: Arc | null, walking: boolean}}
 *   PathFigure best: the arc with a label; walking: it is the one just taken
 */

/**
 * What a reader does with a source; a threshold memory has weight 0, so nothing of it is read.
 * @param {{chosen: boolean}} arc
 */
export const verb = ({ chosen }) => (chosen ? "reads" : "compares itself with");

/**
 * @param {Trace} trace
 * @param {TimeAxis} axis
 * @param {number} height px
 * @param {import("../../state/selectors/walk.js").WalkView | null} walk only what was taken so far, at the widths of
 *   the whole
 * @returns {PathFigure}
 */
export function pathFigure(trace, axis, height, walk = null) {
  const baseline = height - ARC_FOOT_PX;
  const { arcs, ink, ghosts } = drawnArcs(trace, axis, baseline, walk);
  const { loss_step: reader } = trace;
  const sources = reader === null ? [] : (trace.true_sources[String(reader)] ?? []);
  const place = (/** @type {number} */ step) => ({ step, x: axis.x(step) });
  const current = walk?.edge ? edgeName(walk.edge) : null;
  return {
    baseline,
    skips: arcs,
    ghosts,
    locals: ink,
    cuts: Array.from(trace.cuts)
      .filter(axis.has)
      .map((step) => ({ step, x: axis.x(step) - axis.cell / 2 })),
    rings: sources.filter(axis.has).map(place),
    reader: reader === null || !axis.has(reader) ? null : place(reader),
    best: walk ? ([...arcs, ...ink].find((arc) => edgeName(arc) === current) ?? null) : bestArc(trace, arcs),
    walking: walk !== null,
  };
}

/**
 * What the trace carries on this axis, the thinnest arcs first; a walk leaves out what it has not taken yet.
 * @param {Trace} trace @param {TimeAxis} axis @param {number} baseline px
 * @param {import("../../state/selectors/walk.js").WalkView | null} walk
 * @returns {{arcs: Arc[], ink: Arc[], ghosts: Ghost[]}}
 */
function drawnArcs(trace, axis, baseline, walk) {
  const shown = shownEdges(trace);
  const edges = trace.edges.filter((edge) => edge.credit !== 0);
  const [locals, skips] = ["local", "skip"].map((kind) => edges.filter((edge) => edge.kind === kind));
  const [inkiest, strongest] = [largest(locals), largest(skips)];
  const out = trace.knocked_out.filter(([, source]) => source >= 0);
  const drawn = skips.filter((edge) => shown.has(edgeName(edge)));
  // Short arcs use the room that no long one needs, yet a live picture does not jump with every edge.
  const wide = axis.to - axis.from;
  const pairs = [...drawn.map(({ reader, source }) => [reader, source]), ...out];
  const longest = Math.max(0, ...pairs.map(([reader, source]) => reader - source));
  const span = Math.max(wide * SHORTEST_SPAN, Math.min(longest, wide), 1);
  const taken = (/** @type {Edge} */ edge) => !walk || walk.visible.has(edgeName(edge));
  // So many arcs at their full width would be one blot.
  const crowd = Math.min(Math.sqrt(ARC_CROWD / Math.max(drawn.length, 1)), 1);
  const arcs = drawn
    .filter((edge) => taken(edge) && (axis.has(edge.reader) || axis.has(edge.source)))
    .map((edge) => skipArc(edge, shown.get(edgeName(edge)) ?? 1, axis, baseline, strongest, span, crowd))
    .sort((a, b) => a.width - b.width);
  const ink = locals
    .filter((edge) => taken(edge) && axis.has(edge.reader))
    .map((edge) => localArc(edge, shown.has(edgeName(edge)), axis, baseline, inkiest));
  const ghosts = out
    .filter(([reader, source]) => axis.has(reader) || axis.has(source))
    .map((pair) => ghost(pair, axis, baseline, span));
  return { arcs, ink, ghosts };
}

/**
 * The arc that gets a label: the one told of; where it lies beside the axis, the one here with the most credit.
 * @param {Trace} trace
 * @param {Arc[]} skips on the axis
 * @returns {Arc | null}
 */
function bestArc(trace, skips) {
  const told = toldArc(trace);
  const name = told && edgeName(told);
  return skips.find((arc) => edgeName(arc) === name) ?? [...skips].sort(byCredit)[0] ?? null;
}

/** @param {Edge[]} edges */
const largest = (edges) => Math.max(...edges.map((edge) => edge.credit).filter(Number.isFinite), Number.MIN_VALUE);

/**
 * Height is distance, as a share of `span` steps.
 * @param {number} reader @param {number} source @param {TimeAxis} axis @param {number} baseline @param {number} span
 * @returns {{d: string, apex: [number, number]}}
 */
function bow(reader, source, axis, baseline, span) {
  const from = axis.x(reader);
  const to = axis.x(source);
  const room = baseline - ARC_TOP_PX;
  const distance = Math.min((reader - source) / span, 1);
  const rise = Math.min(Math.max(room * distance ** ARC_STEEPNESS, LOWEST_ARC_PX), room);
  const control = baseline - rise / 0.75;
  return {
    d: `M${px(from)} ${px(baseline)}C${px(from)} ${px(control)} ${px(to)} ${px(control)} ${px(to)} ${px(baseline)}`,
    apex: [(from + to) / 2, baseline - rise],
  };
}

/** @param {Pair} pair @param {TimeAxis} axis @param {number} baseline @param {number} span @returns {Ghost} */
function ghost([reader, source], axis, baseline, span) {
  const { d, apex } = bow(reader, source, axis, baseline, span);
  const [from, to] = [axis.x(reader), axis.x(source)];
  // Three quarters of the way to the source, off the top, where labels stand.
  return {
    arc: [reader, source],
    d,
    apex,
    cross: [from + CROSS_ALONG * (to - from), baseline - CROSS_UP * (baseline - apex[1])],
  };
}

/**
 * @param {Edge} edge @param {number} hop @param {TimeAxis} axis @param {number} baseline @param {number} strongest
 * @param {number} span @param {number} crowd 1 while there is room @returns {Arc}
 */
function skipArc(edge, hop, axis, baseline, strongest, span, crowd) {
  const share = Number.isFinite(edge.credit) ? Math.sqrt(edge.credit / strongest) : 1;
  return {
    ...edge,
    hop,
    shown: true,
    ...bow(edge.reader, edge.source, axis, baseline, span),
    width: (THINNEST_ARC_PX + (WIDEST_ARC_PX - THINNEST_ARC_PX) * share) * crowd,
    dash: edge.chosen ? hopDash(hop) : THRESHOLD_DASH,
    opacity: (0.45 + 0.5 * share) * (0.5 + 0.5 * crowd),
  };
}

/**
 * @param {Edge} edge @param {boolean} shown @param {TimeAxis} axis @param {number} baseline @param {number} inkiest
 * @returns {Arc}
 */
function localArc(edge, shown, axis, baseline, inkiest) {
  const from = axis.x(edge.reader);
  const to = axis.x(edge.source);
  const decades = Number.isFinite(edge.credit) ? Math.log10(inkiest / edge.credit) : 0;
  const share = Math.max(1 - decades / INK_DECADES, 0);
  return {
    ...edge,
    hop: 0,
    shown,
    d: `M${px(from)} ${px(baseline)}L${px(to)} ${px(baseline)}`,
    width: 1 + 5 * share,
    dash: "",
    opacity: 0.25 + 0.7 * share,
    apex: [(from + to) / 2, baseline],
  };
}

/** @param {number} value */
const px = (value) => String(Math.round(value * 10) / 10);
