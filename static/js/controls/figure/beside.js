// What can be drawn beside the curves in view: the pinned baseline, and runs that differ in nothing but the seed. Pure.

import { baselineCurves } from "../../state/selectors/comparison.js";
import { allButSeed } from "../../table/overlay/curves/bundles.js";

/** The server draws no more beside one (app/export/many/words.py). */
const MOST = 40;

/**
 * @typedef {{baseline: {id: string, name: string} | null, seeds: string[]}} Beside `seeds` are the ids of runs like
 *   the one in view, each with a seed of its own
 */

/** @param {State} state @returns {Beside} */
export function besideOf(state) {
  const { target, run, runs, baseline } = state;
  const other = baselineCurves(state);
  const laid = other && baseline ? { id: baseline.target.id, name: other.name } : null;
  const like = target?.kind === "run" && run ? seedsLike(run, runs) : [];
  return { baseline: laid, seeds: like.filter((id) => id !== laid?.id).slice(0, MOST - 1) };
}

/** Of runs that share a seed the newest. @param {RunView} run @param {RunView[]} runs newest first */
function seedsLike(run, runs) {
  const key = allButSeed(run);
  const seen = new Set([run.spec.training.seed]);
  return runs
    .filter((one) => {
      const { seed } = one.spec.training;
      if (one.id === run.id || one.update === 0 || seen.has(seed) || allButSeed(one) !== key) return false;
      seen.add(seed);
      return true;
    })
    .map(({ id }) => id)
    .reverse();
}
