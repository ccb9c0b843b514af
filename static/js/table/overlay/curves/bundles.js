// Which runs make one curve: those that differ in nothing but the seed; and what a curve is called. Pure.

import { hasLearned } from "../../lines/grouping.js";
import { distinctNames } from "../../../state/selectors/runs.js";
import { differences, settingsOf } from "./differs.js";

const SEED = "training.seed";
/** Settings that a label names; where it takes more, the name of the runs says more. */
const MOST_NAMED = 3;

/**
 * @typedef {{key: string, label: string, runs: RunView[], learned: number, unjudged: number}} Bundle the runs of a
 *   curve, how many of them learned, and how many have no verdict yet
 */

/**
 * @param {readonly RunView[]} runs
 * @param {Table.Overlay["lines"]} lines
 * @returns {Bundle[]} in the order of their first runs
 */
export function bundlesOf(runs, lines) {
  const found = /** @type {Map<string, RunView[]>} */ (new Map());
  const again = repeats(runs);
  for (const run of runs) {
    const key = lines === "each" ? run.id : `${allButSeed(run)} ${again.get(run.id)}`;
    found.set(key, [...(found.get(key) ?? []), run]);
  }
  const members = [...found.values()];
  const labels = labelsOf(members);
  return members.map((mine, place) => ({
    key: mine.map(({ id }) => id).sort()[0],
    label: labels[place],
    runs: mine,
    learned: mine.filter(hasLearned).length,
    unjudged: mine.filter(({ verdict }) => !verdict).length,
  }));
}

/**
 * The how manieth a run is of its settings and seed, the one that came furthest first: a seed counts once in a mean.
 * @param {readonly RunView[]} runs @returns {Map<string, number>} by id, from 0
 */
function repeats(runs) {
  const times = /** @type {Map<string, number>} */ (new Map());
  return new Map(
    [...runs]
      .sort((a, b) => b.update - a.update)
      .map((run) => {
        const key = JSON.stringify([...settingsOf(run)].sort());
        const count = times.get(key) ?? 0;
        times.set(key, count + 1);
        return [run.id, count];
      }),
  );
}

/** Equal for runs that differ in nothing but the seed. @param {RunView} run */
export function allButSeed(run) {
  const settings = settingsOf(run);
  settings.delete(SEED);
  return JSON.stringify([...settings].sort());
}

/**
 * By the settings that tell the curves apart, where a few do; else by the names of their runs.
 * @param {RunView[][]} bundles @returns {string[]} no two alike
 */
function labelsOf(bundles) {
  const all = bundles.flat();
  const names = distinctNames([...all].sort((a, b) => (a.created < b.created ? 1 : -1)));
  const means = bundles.some((runs) => runs.length > 1);
  const fields = means ? telling(bundles.map(([run]) => run)) : null;
  const told = bundles.map((runs, place) => {
    if (fields) return fields.map(({ path, label, values }) => said(path, label, values[place])).join(", ");
    const [first] = runs;
    if (runs.length === 1) return names.get(first.id) ?? first.id;
    return runs.every(({ name }) => name === first.name) ? first.name : `${first.name} and ${runs.length - 1} more`;
  });
  const times = /** @type {Map<string, number>} */ (new Map());
  return told.map((label) => {
    const count = (times.get(label) ?? 0) + 1;
    times.set(label, count);
    return count === 1 ? label : `${label} (${count})`;
  });
}

/**
 * The fewest settings by which no two curves are alike, each time the one that parts most; null where a few do not.
 * @param {RunView[]} runs one of each curve
 */
function telling(runs) {
  const left = differences(runs).filter(({ path }) => path !== SEED);
  const told = /** @type {typeof left} */ ([]);
  const parted = (/** @type {typeof left} */ fields) =>
    new Set(runs.map((_, place) => JSON.stringify(fields.map(({ values }) => values[place])))).size;
  while (parted(told) < runs.length && told.length < MOST_NAMED && left.length) {
    const counts = left.map((field) => parted([...told, field]));
    told.push(...left.splice(counts.indexOf(Math.max(...counts)), 1));
  }
  return told.length && parted(told) === runs.length ? told : null;
}

/** @param {string} path @param {string} label @param {string} value */
const said = (path, label, value) => (path === "model.method" || path === "task.name" ? value : `${label} ${value}`);
