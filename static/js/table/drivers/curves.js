// Fetches the curves of runs that are chosen, thinned to one width for all; those of a run that trains again now and
// then.

import { problemOf } from "../../wire/api.js";
import { getThinCurves } from "../../wire/runs.js";
import { binWidth, chosenRuns, drawnRuns } from "../overlay/curves/chart.js";

const AT_A_TIME = 3;
/** Between two questions for a run that trains. */
const AGAIN_MS = 4000;
const LEAST_POINTS = 10;
const MOST_POINTS = 5000;
/** More points than there are bins, or a run that went on meanwhile would get wider ones. */
const ROOM = 1.4;

/** @param {Table.Store} store */
export function driveCurves(store) {
  /** @type {Map<string, number>} when each run was asked for last, ms */
  const asked = new Map();
  const under = new Set();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let later;
  const look = () => {
    const state = store.get();
    if (chosenRuns(state).length < 2) return;
    const runs = drawnRuns(state);
    const width = binWidth(runs);
    let wait = Infinity;
    for (const run of runs) {
      if (under.size >= AT_A_TIME) return;
      if (under.has(run.id) || !isStale(run, state.curves.get(run.id), width)) continue;
      const rest = (asked.get(run.id) ?? -Infinity) + AGAIN_MS - performance.now();
      if (rest <= 0) ask(run, width);
      else wait = Math.min(wait, rest);
    }
    clearTimeout(later);
    if (wait < Infinity) later = setTimeout(look, wait);
  };
  /** @param {RunView} run @param {number} width */
  const ask = async (run, width) => {
    asked.set(run.id, performance.now());
    under.add(run.id);
    const fetched = await fetchCurves(run, width);
    under.delete(run.id);
    store.dispatch({ type: "curves", run: run.id, fetched });
  };
  store.subscribe(look);
  look();
}

/** @param {RunView} run @param {Table.Fetched | undefined} known @param {number} width */
function isStale(run, known, width) {
  if (!known) return true;
  // No answer is no answer for good.
  if (known.problem) return known.problem.status === 0 || run.update > known.until;
  return known.attempt !== run.attempt || known.width !== width || run.update > known.until;
}

/** @param {RunView} run @param {number} width @returns {Promise<Table.Fetched>} */
async function fetchCurves(run, width) {
  const { id, attempt, update } = run;
  const points = Math.min(Math.max(Math.ceil((ROOM * update) / width), LEAST_POINTS), MOST_POINTS);
  try {
    const data = await getThinCurves(id, points);
    return { attempt: data.attempt, width, until: Math.max(update, data.update.at(-1) ?? 0), data, problem: null };
  } catch (error) {
    return { attempt, width, until: update, data: null, problem: problemOf(error) };
  }
}
