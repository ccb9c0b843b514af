// The store as it is before anything has come.

import { DEFAULT_SHARE } from "../wire/contract.js";
import { NO_KNOCKOUTS } from "./reducers/arcs.js";
import { NO_KNOBS } from "./reducers/knobs.js";
import { NO_PROOF } from "./reducers/proof.js";
import { NO_METRICS } from "./reducers/run.js";

/** @type {State} */
export const INITIAL = {
  presets: null,
  preset: null,
  runs: [],
  target: null,
  run: null,
  link: { status: "idle", retryAt: 0 },
  live: null,
  liveAt: 0,
  stored: null,
  probed: null,
  probe: { key: null, since: 0, problem: null, failedKey: null },
  snapshots: [],
  networks: [],
  playing: false,
  metrics: NO_METRICS,
  marks: [],
  gap: null,
  choice: { step: null, memory: null, whole: false },
  hover: { step: null, memory: null },
  knobs: NO_KNOBS,
  knockouts: NO_KNOCKOUTS,
  gesture: null,
  walk: null,
  batchHits: null,
  proof: NO_PROOF,
  own: null,
  pins: [],
  range: null,
  span: null,
  baseline: null,
  earlier: null,
  difference: false,
  follow: true,
  update: null,
  example: 0,
  share: DEFAULT_SHARE,
  cell: false,
  scale: { each: false, locked: null },
  theme: "auto",
  notice: null,
  problem: null,
  tour: null,
};
