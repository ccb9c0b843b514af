// Runs and presets with looks at their health, made up at random; and what the words depend on for a usual network.

import { chances, list, many } from "./awkward.js";
import { run, state } from "./traces.js";

/** Of a network that trains as most do. */
export const usual = {
  ...{ reads: true, release: false, softmax: false, updated: true, noted: true, none_by_rule: false, stuck: false },
  ...{ floor: false, slow_scorer: false, clipped: true, clip: "0.5", falling: false },
};

const SHARES = [0, 0, 1e-9, 0.2, 0.299, 0.3, 0.5, 0.899, 0.9, 1, NaN];
const MOVES = [0, 1e-9, 9.9e-6, 1e-5, 1e-3, 0.01, 0.02, Infinity, NaN, NaN];
const NORMS = [0, 0.001, 0.02, 0.4, 1, 2, 10, 11, 500, Infinity, NaN];
const LARGEST = [0.5, 1, 1.1, 100, 101, 1e9, Infinity, NaN];
const WORDS = ["standing still", "scorer saturated", "attention dead", "learning", "at chance", "lost again"];

/** @param {number} count */
export const healthStates = (count) => many(count, madeUp);

/** @param {number} seed */
function madeUp(seed) {
  const chance = chances(seed);
  const { one, some, whole } = chance;
  const kind = one(["run", "run", "run", "preset", "checkpoint"]);
  const first = one([0, 0, 125, 900]);
  const update = list(kind === "checkpoint" || some(0.1) ? 0 : whole(1, 4), (at) => first + at * 125);
  const follow = some(0.5);
  const spec = specOf(chance);
  const verdict = some(0.7) ? { word: one(WORDS), label: "", sentence: "", advice: "", update: 1 } : null;
  const marks = [
    { update: first + 60, parameters: turned(chance, spec) },
    { update: first + 250, parameters: turned(chance, spec) },
  ].filter(() => kind === "run" && some(0.5));
  const last = marks[marks.length - 1]?.parameters ?? turned(chance, spec, true);
  const health = update.length ? columns(chance, update.length) : {};
  const preset = {
    ...{ name: "p", pretrained: some(0.6), update: one([0, 500]), spec, verdict },
    health: some(0.3)
      ? Object.fromEntries(Object.entries(columns(chance, 1)).map(([name, [value]]) => [name, value]))
      : null,
  };
  return state({
    target: { kind, id: kind === "preset" ? "p" : "r1" },
    presets: [preset],
    run: kind === "run" ? run({ spec, verdict, parameters: last, health: some(0.5) ? {} : null }) : null,
    looks: { update, health, fresh: {} },
    ...{ marks, follow, update: follow ? null : one([0, first, first + 60, first + 130, first + 1000]) },
  });
}

/** @param {any} chance */
function specOf({ one }) {
  return {
    task: { name: "copy" },
    model: {
      method: one(["sab", "sab", "sab", "tbptt", "attention"]),
      k_top: one([0, 1, 5]),
      normalizer: one(["shift", "softmax"]),
      variant: one(["paper", "release"]),
    },
    training: {
      ...{ sum_floor: one([0, 0.1]), scorer_rate: one([1, 0.3]), clip_norm: one([0, 0.5]) },
      ...{ rate_decay: one([0, 0.3]), updates: one([200, 1000]) },
    },
  };
}

/** The knobs in force: those of the start, or turned. @param {any} chance @param {any} spec @param {boolean} start */
function turned({ one }, { model, training }, start = false) {
  return start
    ? { k_top: model.k_top, clip_norm: training.clip_norm }
    : { k_top: one([0, 1, 5]), clip_norm: one([0, 0.5]) };
}

/** @param {any} chance @param {number} rows */
function columns({ one, some }, rows) {
  const column = (/** @type {number[]} */ values) => list(rows, () => one(values));
  const begun = some(0.7);
  const moves = (/** @type {number[]} */ values) => (begun ? column(values) : list(rows, () => NaN));
  return {
    ...{ saturated: column(SHARES), dead: column(SHARES), near_tied: column(SHARES), largest_state: column(LARGEST) },
    ...{ moved_recurrent: moves(MOVES), moved_scorer: moves(MOVES), moved_readout: moves(MOVES) },
    ...{ norm_median: moves(NORMS), norm_p99: moves(NORMS) },
  };
}
