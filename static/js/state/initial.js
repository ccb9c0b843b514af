// The store as it is before anything has come.

import { DEFAULT_SHARE } from "../wire/contract.js";
import { NO_KNOCKOUTS } from "./reducers/arcs.js";
import { NO_KNOBS } from "./reducers/knobs.js";
import { NO_PROOF } from "./reducers/proof.js";
import { NOTHING_SEEN } from "./reducers/run.js";
import { NO_CUTTING } from "./cutting.js";

/** @type {State} */
export const INITIAL = {
  ...NOTHING_SEEN,
  presets: null,
  preset: null,
  runs: [],
  engine: null,
  target: null,
  run: null,
  toldTo: 0,
  link: { status: "idle", retryAt: 0, away: false },
  liveAt: 0,
  probed: null,
  probe: { key: null, since: 0, problem: null, failedKey: null },
  choice: { step: null, memory: null, whole: false },
  hover: { step: null, memory: null },
  knobs: NO_KNOBS,
  cutting: NO_CUTTING,
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
  example: 0,
  share: DEFAULT_SHARE,
  cell: false,
  scale: { each: false, locked: null },
  theme: "auto",
  notice: null,
  problem: null,
  tour: null,
  recorded: null,
  onlooks: false,
};
