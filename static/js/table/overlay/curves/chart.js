// What the overlay draws: which runs, on which two axes, as which curves; and what it leaves out. Pure.

import { metricOf } from "../../lines/cells.js";
import { knobMarks } from "../../../panels/curves/marks.js";
import { bundlesOf, copiesOf, withoutCopies } from "./bundles.js";
import { meanOf } from "./mean.js";

/** Runs whose curves are asked for unasked. */
export const MOST_UNASKED = 100;
/** Points of the longest curve of training batches. */
const POINTS = 300;

/**
 * @typedef {import("./mean.js").Mean} Mean
 * @typedef {import("./bundles.js").Bundle & {place: number, copies: number, loss: Mean, metric: Mean}} Curve `place`
 *   counts from 0 and gives it its look; so many `copies` of its runs are left out
 * @typedef {{runs: RunView[], beyond: number, metric: string | null, metrics: [name: string, runs: number][],
 *   from: "fresh" | "training", hasLooks: boolean, width: number, curves: Curve[], copies: RunView[], leftOut:
 *   RunView[], waiting: number, failed: RunView[], blank: number, turned: number, chance: Record<string, number |
 *   null>}} Chart `runs` are those that are drawn or asked for, `beyond` how many are not; `copies` are of one of
 *   them, `leftOut` have another metric; `blank` have no value of this kind; `turned` had their knobs turned;
 *   `chance` is null where runs do not share it
 */

/** The chosen runs that are here, in the order in which they were chosen. @param {Table.State} state */
export const chosenRuns = ({ chosen, runs, removing }) =>
  [...chosen].flatMap((id) => {
    const run = removing.has(id) ? undefined : runs.get(id);
    return run ? [run] : [];
  });

/** Those whose curves are wanted. @param {Table.State} state */
export function drawnRuns(state) {
  const all = chosenRuns(state);
  return state.overlay.all ? all : all.slice(0, MOST_UNASKED);
}

/**
 * How wide bins of updates have to be, so that the longest run has about `POINTS` of them: one width for all runs, or
 * their updates would not meet.
 * @param {readonly RunView[]} runs
 */
export function binWidth(runs) {
  const last = Math.max(0, ...runs.map(({ update }) => update));
  let width = 1;
  while (last / width > POINTS) width = String(width)[0] === "2" ? (width * 5) / 2 : width * 2;
  return width;
}

/** @param {Table.State} state @returns {Chart} */
export function chartOf(state) {
  const { overlay, curves } = state;
  const wanted = drawnRuns(state);
  const { own: runs, copies } = overlay.lines === "mean" ? withoutCopies(wanted) : { own: wanted, copies: [] };
  const metrics = metricsOf(runs);
  const metric = metrics.some(([name]) => name === overlay.metric) ? overlay.metric : (metrics[0]?.[0] ?? null);
  const mine = runs.filter((run) => metricOf(run) === metric);
  const data = new Map(mine.map((run) => [run.id, curves.get(run.id)?.data ?? null]));
  const hasLooks = [...data.values()].some((one) => one?.looks.fresh.loss?.some(Number.isFinite));
  const from = overlay.from ?? (hasLooks ? "fresh" : "training");
  const points = (/** @type {RunView} */ run, /** @type {string | null} */ name) =>
    pointsOf(data.get(run.id) ?? null, name, from);
  const bundles = bundlesOf(mine, overlay.lines);
  const drawn = bundles.map((bundle, place) => ({
    ...bundle,
    place,
    copies: copiesOf(bundle.runs, copies),
    loss: meanOf(bundle.runs.map((run) => points(run, "loss"))),
    metric: meanOf(bundle.runs.map((run) => points(run, metric))),
  }));
  const here = mine.filter((run) => data.get(run.id));
  return {
    runs,
    beyond: chosenRuns(state).length - wanted.length,
    metric,
    metrics,
    from,
    hasLooks,
    width: binWidth(runs),
    curves: drawn,
    copies,
    leftOut: runs.filter((run) => metricOf(run) !== metric),
    waiting: runs.filter(({ id }) => !curves.get(id)?.data && !curves.get(id)?.problem).length,
    failed: runs.filter(({ id }) => curves.get(id)?.problem),
    blank: here.filter((run) => points(run, "loss").x.length === 0 && points(run, metric).x.length === 0).length,
    turned: here.filter((run) => wasTurned(run, data.get(run.id)?.changes ?? [])).length,
    chance: { loss: shared(mine, "loss"), ...(metric === null ? {} : { [metric]: shared(mine, metric) }) },
  };
}

/** The metrics of runs, that of most runs first. @param {readonly RunView[]} runs @returns {[string, number][]} */
function metricsOf(runs) {
  const counts = /** @type {Map<string, number>} */ (new Map());
  for (const run of runs) {
    const name = metricOf(run);
    if (name !== null) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1]);
}

/**
 * @param {Wire.RunCurves | null} data @param {string | null} name a metric, or loss
 * @param {"fresh" | "training"} from
 * @returns {import("./mean.js").Points}
 */
function pointsOf(data, name, from) {
  if (!data || name === null) return { x: [], y: [] };
  const x = from === "fresh" ? data.looks.update : data.update;
  const y = from === "fresh" ? data.looks.fresh[name] : name === "loss" ? data.loss : data.values[name];
  const kept = x.map((_, place) => place).filter((place) => Number.isFinite(y?.[place] ?? NaN));
  return { x: kept.map((place) => x[place]), y: kept.map((place) => Number(y?.[place])) };
}

/** @param {RunView} run @param {Wire.KnobChange[]} changes */
const wasTurned = ({ spec }, changes) => knobMarks(changes, { ...spec.model, ...spec.training }).length > 0;

/** What guessing gives, where it is the same for all. @param {readonly RunView[]} runs @param {string} name */
function shared(runs, name) {
  const levels = new Set(runs.map(({ chance }) => chance[name] ?? null));
  const [level] = levels;
  return levels.size === 1 ? (level ?? null) : null;
}
