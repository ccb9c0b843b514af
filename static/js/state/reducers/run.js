// What the events of a run do to the store. A frame of a run that is not in view changes nothing.

import { traceOf } from "../../wire/trace.js";
import { looksUpTo, metricsUpTo, NO_LOOKS, NO_METRICS, withLook, withoutVoid, withRows } from "./columns.js";
import { ended, NO_KNOBS, rejected } from "./knobs.js";
import { putAside, withRow, withRuns } from "./list.js";

/** Of a network of which nothing has come yet; the newest update is followed. */
export const NOTHING_SEEN = {
  live: null,
  stored: null,
  snapshots: [],
  networks: [],
  playing: false,
  metrics: NO_METRICS,
  looks: NO_LOOKS,
  marks: [],
  gap: null,
  follow: true,
  update: null,
};

/**
 * @param {State} state
 * @param {Wire.Frame} message decoded frame (docs/protocol.md)
 * @param {number} at when it came, ms
 * @returns {State}
 */
export function onFrame(state, message, at) {
  if (message.kind === "runs") return withRuns(state, message.runs, message.runs.length === message.total);
  if (message.kind === "row") return withRow(state, message.run, message.view);
  if (message.kind === "rejected") return rejected(state, message);
  if (message.kind === "accepted") return state;
  if (!state.target || state.target.kind !== "run" || !("run" in message) || message.run !== state.target.id)
    return state;
  if (message.kind === "subscribed")
    return { ...state, run: message.view, preset: message.view.preset, toldTo: message.view.seq };
  if (message.kind === "gap")
    return { ...state, gap: `events ${message.from} to ${message.to} are missing: ${message.reason}` };
  const { run } = state;
  if (!run || message.attempt < run.attempt) return state;
  switch (message.kind) {
    case "status":
      return status(state, run, message);
    case "metrics":
      return metrics(state, run, message);
    case "look":
      return look(state, run, message);
    case "parameters":
      return parameters(state, run, message);
    case "checkpoint":
      return {
        ...state,
        networks: [...state.networks, message.data.update],
        run: { ...run, checkpoint: message.data.checkpoint, checkpoint_update: message.data.update },
      };
    case "quarantined":
      return putAside(state, message.data);
    case "superseded":
      return { ...state, run: { ...run, seq: message.seq ?? run.seq }, knobs: ended(state, message.data.commands) };
    case "rewound":
      return rewound(state, run, message);
    case "snapshot":
      return snapshot(state, message, at);
    default:
      return state;
  }
}

/**
 * Queued at an update voids what was later: a resume from an older checkpoint.
 * @param {State} state @param {RunView} run @param {Wire.StatusFrame} message @returns {State}
 */
function status(state, run, { data, update, seq }) {
  const known = {
    ...data,
    parameters: { ...run.parameters, ...data.parameters },
    reason: data.reason ?? null,
    updates_per_s: data.updates_per_s ?? run.updates_per_s,
  };
  const next = { ...state, run: { ...run, ...known, update: update ?? run.update, seq: seq ?? run.seq } };
  if (data.status !== "queued") return next;
  const last = next.run.update;
  return {
    ...(isNews(state, seq) ? upTo(withoutVoid(next, last), last) : next),
    metrics: metricsUpTo(state.metrics, last),
    looks: looksUpTo(state.looks, last),
    marks: state.marks.filter((mark) => mark.update <= last),
  };
}

/** @param {State} state @param {RunView} run @param {Wire.MetricsFrame} message @returns {State} */
function metrics(state, run, { data, update, seq }) {
  const grown = withRows(state.metrics, data);
  const values = Object.fromEntries(Object.entries(grown.values).map(([name, list]) => [name, list[list.length - 1]]));
  const skipped = grown.skipped.reduce((sum, flag) => sum + flag, 0);
  const rate = data.updates_per_s ?? run.updates_per_s;
  return {
    ...state,
    metrics: grown,
    run: {
      ...run,
      update: Math.max(run.update, update),
      metrics: { ...run.metrics, ...values },
      skipped,
      updates_per_s: rate,
      seq: seq ?? run.seq,
    },
  };
}

/** @param {State} state @param {RunView} run @param {Wire.LookFrame} message @returns {State} */
function look(state, run, { data, seq }) {
  const finite = Object.entries(data.health).map(([name, [value]]) => [name, Number.isFinite(value) ? value : null]);
  /** @type {Wire.NetworkHealth} */
  const health = Object.fromEntries(finite);
  return {
    ...state,
    looks: withLook(state.looks, data),
    run: { ...run, health, verdict: data.verdict, seq: seq ?? run.seq },
  };
}

/** @param {State} state @param {RunView} run @param {Wire.ParametersFrame} message @returns {State} */
function parameters(state, run, { data, update, seq }) {
  // Turned faster than the worker takes them, knobs come together: each of those commands is done with.
  const done = [data.command_id, ...(data.applied ?? []), ...(data.superseded ?? [])];
  return {
    ...state,
    run: {
      ...run,
      parameters: { ...run.parameters, ...data.parameters },
      params_version: data.params_version ?? run.params_version,
      seq: seq ?? run.seq,
    },
    marks: [...state.marks, { update, parameters: data.parameters }],
    knobs: ended(state, done),
  };
}

/**
 * A stream that is opened tells its events anew: they are no news.
 * @param {State} state @param {number | undefined} seq
 */
const isNews = ({ toldTo }, seq) => seq === undefined || seq > toldTo;

/** Without the pictures and weights of updates that are made again. @param {State} state @param {number} last */
const upTo = (state, last) => ({
  ...state,
  snapshots: state.snapshots.filter((update) => update <= last),
  networks: state.networks.filter((update) => update <= last),
});

/**
 * Reset or reseed: everything before is void.
 * @param {State} state
 * @param {RunView} run
 * @param {Wire.RewoundFrame} message
 * @returns {State}
 */
function rewound(state, run, { data, attempt, seq }) {
  const training = { ...run.spec.training, seed: data.seed ?? run.spec.training.seed };
  return {
    ...(isNews(state, seq) ? { ...withoutVoid(state, -1), knobs: NO_KNOBS } : state),
    ...(data.kept ? { earlier: kept(state, run, data.kept), gesture: "reset" } : {}),
    ...NOTHING_SEEN,
    run: {
      ...run,
      update: run.parent?.update ?? 0,
      metrics: {},
      skipped: 0,
      verdict: null,
      health: null,
      attempt: data.attempt ?? attempt,
      spec: { ...run.spec, training },
      seq: seq ?? run.seq,
    },
  };
}

/**
 * Nothing that a person saw is lost by a reset: a run of its own keeps it, and its curves and picture are here already.
 * @param {State} state @param {RunView} run @param {string} id of the run that keeps the attempt
 * @returns {NonNullable<State["earlier"]>}
 */
function kept({ metrics, live: trace }, { attempt, status: was }, id) {
  const name = `attempt ${attempt}`;
  return { attempt, was, baseline: { target: { kind: "run", id }, name, trace, metrics, problem: null } };
}

/** @param {State} state @param {Wire.SnapshotFrame} message @param {number} at @returns {State} */
function snapshot(state, message, at) {
  const live = traceOf(message);
  const known = state.snapshots.length && state.snapshots[state.snapshots.length - 1] >= live.update;
  return { ...state, live, liveAt: at, snapshots: known ? state.snapshots : [...state.snapshots, live.update] };
}
