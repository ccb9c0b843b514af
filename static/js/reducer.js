// The only writer of the store: (state, action) → state. Pure, no DOM, no network, no clock (actions carry `at`).

import { arcs, NO_KNOCKOUTS } from "./reducers/arcs.js";
import { knobs, NO_KNOBS } from "./reducers/knobs.js";
import { NO_METRICS, onFrame } from "./reducers/run.js";
import { view } from "./reducers/view.js";

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
  metrics: NO_METRICS,
  marks: [],
  gap: null,
  choice: { step: null, memory: null, whole: false },
  hover: { step: null, memory: null },
  knobs: NO_KNOBS,
  knockouts: NO_KNOCKOUTS,
  follow: true,
  update: null,
  example: 0,
  share: 0.95,
  cell: false,
  theme: "auto",
  notice: null,
  problem: null,
  tour: null,
};

/**
 * @param {State} state
 * @param {Action} action
 * @returns {State}
 */
export function reduce(state, action) {
  const [family] = action.type.split("/");
  if (family === "knob") return knobs(state, action);
  if (family === "arc") return arcs(state, action);
  if (family === "view") return view(state, action);
  switch (action.type) {
    case "presets":
      return { ...state, presets: action.presets };
    case "runs":
      return { ...state, runs: action.runs };
    case "open":
      return { ...open(state, action.target, action.run ?? null), ...action.view };
    case "frame":
      return onFrame(state, action.message, action.at);
    case "link":
      return { ...state, link: { status: action.status, retryAt: action.retryAt ?? 0 } };
    case "probe/sent":
      return { ...state, probe: { key: action.key, since: action.at, problem: null, failedKey: null } };
    case "probe/answer":
      return { ...state, probed: { key: action.key, trace: action.trace }, probe: INITIAL.probe };
    case "probe/failed":
      return { ...state, probe: { key: null, since: 0, problem: action.problem, failedKey: action.key } };
    case "snapshot":
      return stored(state, action.run, action.trace);
    case "snapshots":
      return { ...state, snapshots: [...new Set([...state.snapshots, ...action.updates])].sort((a, b) => a - b) };
    case "notice":
      return { ...state, notice: action.text };
    case "problem":
      return { ...state, problem: action.problem };
    default:
      return state;
  }
}

/**
 * Another network comes into view; the last picture stays (stale) until the new one is there.
 * @param {State} state
 * @param {Target} target
 * @param {RunView | null} run
 * @returns {State}
 */
function open(state, target, run) {
  return {
    ...state,
    target, run,
    preset: target.kind === "preset" ? target.id : (run?.preset ?? state.preset),
    live: null, stored: null, snapshots: [], metrics: NO_METRICS, marks: [], gap: null,
    probe: INITIAL.probe, knobs: NO_KNOBS, knockouts: NO_KNOCKOUTS, follow: true, update: null, problem: null, notice: null,
    choice: { step: null, memory: null, whole: state.choice.whole },
  };
}

/**
 * @param {State} state
 * @param {string} run
 * @param {Trace} trace
 * @returns {State}
 */
function stored(state, run, trace) {
  if (state.target?.kind !== "run" || state.target.id !== run) return state;
  return { ...state, stored: trace };
}
