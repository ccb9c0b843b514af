// Which runs make one curve: those that differ in nothing but the seed; and what a curve is called. Pure.

import { joinedWords, taskWords } from "../../../draw/task_words.js";
import { CALLED } from "../../../wire/contract.js";
import { hasLearned } from "../../lines/grouping.js";
import { distinctNames } from "../../../state/selectors/runs.js";
import { differences, settingsOf } from "./differs.js";

const SEED = "training.seed";
/** Settings that a label names; where it takes more, the name of the runs says more. */
const MOST_NAMED = 3;
/** Seeds that a label lists; more are counted. */
const MOST_SEEDS = 4;

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

/** The run that one is, or is a copy of. @param {RunView} run */
const firstOf = ({ id, imported }) => imported?.run ?? id;

/**
 * Runs of which each is one training of its own, and their copies: of a run and those that were brought in from a
 * bundle of it, with the same settings, the one that came furthest stays.
 * @param {readonly RunView[]} runs
 * @returns {{own: RunView[], copies: RunView[]}}
 */
export function withoutCopies(runs) {
  const kept = /** @type {Map<string, RunView>} */ (new Map());
  const keyOf = (/** @type {RunView} */ run) => JSON.stringify([firstOf(run), ...[...settingsOf(run)].sort()]);
  for (const run of runs) {
    const key = keyOf(run);
    const other = kept.get(key);
    const better = !other || run.update > other.update || (run.update === other.update && !run.imported);
    if (better) kept.set(key, run);
  }
  const own = new Set(kept.values());
  return { own: runs.filter((run) => own.has(run)), copies: runs.filter((run) => !own.has(run)) };
}

/** How many copies of the runs of a curve there are. @param {readonly RunView[]} runs
 * @param {readonly RunView[]} copies */
export const copiesOf = (runs, copies) => {
  const mine = new Set(runs.map(firstOf));
  return copies.filter((run) => mine.has(firstOf(run))).length;
};

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
    const [first] = runs;
    const common = fields?.map(({ path, label, values }) => said(path, label, values[place])).join(", ");
    if (runs.length === 1) return common ?? names.get(first.id) ?? first.id;
    return `${common ?? nameOfAll(runs)} · ${meanWords(runs)}`;
  });
  const times = /** @type {Map<string, number>} */ (new Map());
  return told.map((label) => {
    const count = (times.get(label) ?? 0) + 1;
    times.set(label, count);
    return count === 1 ? label : `${label} (${count})`;
  });
}

/** What runs are called that differ in their seed: the name that they share, else what they are.
 * @param {RunView[]} runs */
function nameOfAll(runs) {
  const names = new Set(runs.map(({ name, spec }) => name.replace(new RegExp(` seed ${spec.training.seed}$`), "")));
  const [name] = names;
  const { task, model } = runs[0].spec;
  return names.size === 1 && name ? name : joinedWords(taskWords(task), CALLED[model.method]);
}

/** Over which seeds a mean is. @param {RunView[]} runs of one curve, each with a seed of its own */
export function meanWords(runs) {
  const seeds = runs.map(({ spec }) => spec.training.seed).sort((a, b) => a - b);
  if (seeds.length > MOST_SEEDS) return `mean of ${seeds.length} seeds`;
  return `mean of seeds ${seeds.slice(0, -1).join(", ")} and ${seeds.at(-1)}`;
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
