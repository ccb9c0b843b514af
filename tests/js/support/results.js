// Groups of trials as the server tells of them, for the tests of the results; thousands of awkward ones for sceptics.

import { USUAL } from "../../../static/js/results/state/initial.js";
import { viewOf } from "../../../static/js/results/numbers/view.js";

export const ACCURACY = /** @type {Wire.GroupMetric} */ ({ name: "accuracy", unit: "", better: "higher" });
export const LOSS = /** @type {Wire.GroupMetric} */ ({ name: "loss", unit: "", better: "lower" });

/** @type {Results.Look} */
export const LOOK = {
  ...{ text: "#000000", muted: "#222222", line: "#444444", edge: "#666666", panel: "#ffffff", warn: "#ff0000" },
  accent: "#0000ff",
  curves: ["#111111", "#222222", "#333333", "#444444", "#555555", "#666666", "#777777"],
  dark: false,
};

/**
 * @param {number} number @param {Results.Row["values"]} values @param {number | null} accuracy null: never looked at
 * @param {Partial<Results.Row>} [more]
 * @returns {Results.Row}
 */
export const row = (number, values, accuracy, more = {}) => ({
  ...{ run: `r${number}`, name: `run ${number}`, attempt: 1, seq: 5, status: "finished", reason: null },
  ...{ update: 500, updates: 500, seconds: 10 + number, steered: false },
  values,
  fresh: accuracy === null ? {} : { accuracy, loss: 1 - accuracy },
  best: accuracy === null ? null : { metric: "accuracy", value: accuracy, update: 400 },
  verdict: accuracy === null ? null : accuracy >= 0.99 ? "learned" : "at chance",
  ...more,
});

/** @param {Results.Row[]} rows @param {string[]} [axes] @returns {Wire.GroupResults} */
export const group = (rows, axes = [...new Set(rows.flatMap(({ values }) => Object.keys(values)))]) => ({
  ...{ group: "g1", name: "two knobs", axes, metrics: [ACCURACY, LOSS] },
  rows,
});

/** @param {Results.Row[]} rows @param {Partial<Results.Choice>} [choice] */
export const shown = (rows, choice = {}) => viewOf(group(rows), { ...USUAL, ...choice });

/** Two knobs and two seeds, all of them finished: more memories are better. */
export const GRID = [1, 2, 5].flatMap((top, a) =>
  [2, 0].flatMap((trunc, b) =>
    [1, 2].map((seed) =>
      row(
        a * 4 + b * 2 + seed,
        { "model.k_top": top, "model.k_trunc": trunc, "training.seed": seed },
        (a + 1) * 0.3 + b * 0.05 - seed * 0.01,
      ),
    ),
  ),
);

const STATUSES = /** @type {const} */ (["finished", "running", "queued", "failed", "diverged", "stopped"]);
const FIGURES = [null, 0, 0.125, 0.125, 0.5, 0.99, 1, 1];

/** Made-up groups: ties, trials without a figure, all kinds of ends, one setting or none. @param {number} count */
export function awkward(count) {
  const next = chooser(7);
  return Array.from({ length: count }, () => {
    const [tops, truncs, seeds, holes] = [next(4), next(4), next(3) + 1, next(3) === 0];
    const usual = next(3) ? null : STATUSES[next(STATUSES.length)];
    const rows = [];
    for (let top = 0; top <= tops; top += 1)
      for (let trunc = 0; trunc <= truncs; trunc += 1)
        for (let seed = 0; seed < seeds; seed += 1) {
          if (holes && next(3) === 0) continue;
          const values = {
            ...(tops ? { "model.k_top": [1, 2, 5, 10000][top] } : {}),
            ...(truncs ? { "model.k_trunc": [5, 2, 0, 9][trunc] } : {}),
            ...(seeds > 1 ? { "training.seed": seed } : {}),
          };
          const status = usual ?? STATUSES[next(STATUSES.length)];
          rows.push(row(rows.length + 1, values, FIGURES[next(FIGURES.length)], { status }));
        }
    const metric = ["accuracy", "loss", "learned", null][next(4)];
    const held = next(4) ? {} : { "model.k_trunc": "5" };
    return shown(rows, { metric, held: tops && truncs ? {} : held });
  });
}

/** The same numbers every time. @param {number} seed @returns {(below: number) => number} */
function chooser(seed) {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
