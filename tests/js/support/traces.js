// Small traces and states for the tests: the contract's example, and ways to change it.

import { readFileSync } from "node:fs";

import { INITIAL } from "../../../static/js/state/initial.js";
import { decode } from "../../../static/js/wire/codec.js";
import { fromJson } from "./from_json.js";

/** The five-step example of contract section 2, as the API would send it. */
export const JSON_TRACE = {
  run: null,
  preset: "copy",
  checkpoint: null,
  update: 400,
  example: 0,
  loss_step: 4,
  task: { name: "copy", symbols: [..."ABCDEFGH·▸"] },
  parameters: { k_top: 2, k_trunc: 2, k_att: 1, normalizer: "shift", variant: "paper", phase: 0 },
  steps: 5,
  inputs: [3, 8, 8, 9, 8],
  targets: [8, 8, 8, 8, 3],
  predictions: [8, 8, 8, 8, 3],
  loss_T: [0.01, 0, 0, 0.02, 0.1],
  true_sources: { 4: [0] },
  memories: [-1, 0, 1, 2, 3],
  cuts: [1, 3],
  attention: { reader: [1, 1, 4, 4], source: [-1, 0, 0, -1], weight: [0.9, 0.1, 0.93, 0.07], score: [] },
  gradient_norm: { sab: [0.3, 0, 0, 0.4, 1.2], truncated: [0, 0, 0, 0.4, 1.2], full: [0.31, 0.02, 0.05, 0.4, 1.2] },
  gradient_norm_cell: {},
  edges: [
    {
      kind: "skip",
      reader: 4,
      source: 0,
      credit: 0.3,
      credit_hidden: null,
      credit_cell: null,
      weight: 0.93,
      chosen: true,
    },
    {
      kind: "local",
      reader: 4,
      source: 3,
      credit: 0.5,
      credit_hidden: 0.4,
      credit_cell: 0.3,
      weight: null,
      chosen: true,
    },
  ],
  paths: [
    { steps: [4, 3], kinds: ["local"], strength: 0.5 },
    { steps: [4, 0], kinds: ["skip"], strength: 0.3 },
  ],
  paths_hidden: 0,
  share: 0.95,
  skip_credit: 0.3,
  reach: {
    sab: [
      [3, 4],
      [0, 0],
    ],
    truncated: [[3, 4]],
    full: [[0, 4]],
  },
  hits: { 4: true },
  hit_rate: 1,
  knocked_out: [],
  nonfinite: 0,
};

/** @param {Record<string, any>} change */
export const trace = (change = {}) => fromJson({ ...JSON_TRACE, ...change });

/** @param {Record<string, any>} change */
export const state = (change = {}) => ({ ...INITIAL, ...change });

/** @param {Record<string, any>} change */
export const run = (change = {}) => ({
  id: "r1",
  name: "one",
  status: "running",
  reason: null,
  update: 10,
  updates: 100,
  attempt: 1,
  parameters: { k_top: 5, k_trunc: 5, k_att: 1, learning_rate: 0.002, clip_norm: 0.5 },
  params_version: 1,
  metrics: {},
  spec: { task: { name: "copy" }, model: { k_top: 5 }, training: { seed: 3 } },
  preset: null,
  seq: 1,
  skipped: 0,
  updates_per_s: null,
  checkpoint_update: null,
  ...change,
});

/** A state that follows a live run. @param {Record<string, any>} change */
export const following = (change = {}) =>
  state({
    target: { kind: "run", id: "r1" },
    run: run(),
    link: { status: "open", retryAt: 0, away: false },
    ...change,
  });

/** The run that is pinned as the baseline below. */
export const target = { kind: "run", id: "r2" };

/** A trace of that run: other memories than those of `trace()`. */
export const other = trace({
  attention: { reader: [1, 4, 4], source: [-1, 0, 2], weight: [0.9, 0.25, 0.75], score: [] },
});

/** `following()`, compared with that run. */
export const pinned = (/** @type {any} */ change = {}) =>
  following({
    baseline: { target, name: "two", trace: other, metrics: null, problem: null },
    difference: true,
    ...change,
  });

/** The bytes of a packed trace of update 400, as a worker sends them (tests/golden). */
export function packedTrace() {
  const file = readFileSync(new URL("../../golden/snapshot.bin", import.meta.url));
  return /** @type {any} */ (decode(new Uint8Array(file))).trace;
}
