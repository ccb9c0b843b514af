// Runs as the server lists them, for the tests of the table.

import { INITIAL, PLAIN_OVERLAY } from "../../../static/js/table/state/initial.js";

/**
 * @param {string} id
 * @param {{task?: object, model?: object, training?: object, [field: string]: unknown}} [other]
 * @returns {RunView}
 */
export function run(id, { task, model, training, ...other } = {}) {
  const spec = {
    name: null,
    preset: null,
    task: { name: "copy", T: 10, items: null, T_min: null, ...task },
    model: {
      method: "sab",
      hidden_size: 16,
      attention_size: 8,
      k_top: 5,
      k_trunc: 5,
      k_att: 1,
      normalizer: "shift",
      variant: "paper",
      initial_memory: true,
      ...model,
    },
    training: { batch_size: 8, learning_rate: 0.002, clip_norm: 0.5, updates: 500, seed: 0, until: null, ...training },
  };
  const { k_top, k_trunc, k_att } = spec.model;
  const { learning_rate, clip_norm } = spec.training;
  return /** @type {any} */ ({
    id,
    name: id,
    status: "finished",
    reason: null,
    update: 500,
    updates: 500,
    attempt: 1,
    parameters: { k_top, k_trunc, k_att, learning_rate, clip_norm },
    metrics: { accuracy: 0.9, loss: 0.1 },
    spec,
    seq: 1,
    updates_per_s: null,
    trained_per_s: null,
    engine: null,
    imported: null,
    waits: null,
    created: `2026-11-28T10:00:${id.slice(1).padStart(2, "0")}Z`,
    verdict: null,
    chance: { accuracy: 0.125, loss: 0.46 },
    best: { metric: "accuracy", value: 0.95, update: 375 },
    group: null,
    group_name: null,
    parent: null,
    note: "",
    tags: [],
    starred: false,
    ...other,
  });
}

export const LEARNED = /** @type {any} */ ({ word: "learned", label: "learned at 375", sentence: "", advice: "" });
export const AT_CHANCE = /** @type {any} */ ({ word: "at chance", label: "at chance", sentence: "", advice: "" });

/**
 * Curves as `GET /api/runs/{id}/metrics` answers; fresh examples where `fresh` has them.
 * @param {number[]} update @param {number[]} accuracy @param {{x: number[], y: (number | null)[]} | null} [fresh]
 * @returns {Table.Fetched}
 */
export function fetched(update, accuracy, fresh = null) {
  const looks = fresh ? { update: fresh.x, fresh: { accuracy: fresh.y, loss: fresh.y }, health: {} } : NONE;
  const data = /** @type {any} */ ({ update, loss: accuracy, values: { accuracy }, changes: [], looks });
  return { attempt: 1, width: 1, until: update.at(-1) ?? 0, data, problem: null };
}
const NONE = { update: [], fresh: {}, health: {} };

/**
 * The table of runs with all of them chosen, laid over one another.
 * @param {RunView[]} runs @param {Record<string, Table.Fetched>} curves @param {Partial<Table.Overlay>} [overlay]
 */
export const overlaid = (runs, curves, overlay = {}) => ({
  ...INITIAL,
  runs: new Map(runs.map((one) => [one.id, one])),
  chosen: new Set(runs.map(({ id }) => id)),
  curves: new Map(Object.entries(curves)),
  overlay: { ...PLAIN_OVERLAY, ...overlay },
});
