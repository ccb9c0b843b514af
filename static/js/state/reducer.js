// The only writer of the store: (state, action) → state. Pure, no DOM, no network, no clock (actions carry `at`).

import { nearest } from "./nearest.js";
import { arcs, NO_KNOCKOUTS } from "./reducers/arcs.js";
import { baseline } from "./reducers/baseline.js";
import { columnsOf, looksOf } from "./reducers/columns.js";
import { kept } from "./reducers/kept.js";
import { knobs, NO_KNOBS } from "./reducers/knobs.js";
import { cuttingAsked, NO_CUTTING } from "./cutting.js";
import { NO_PROOF, proof } from "./reducers/proof.js";
import { list } from "./reducers/list.js";
import { NOTHING_SEEN, onFrame } from "./reducers/run.js";
import { stillHolds, walk } from "./reducers/walk.js";
import { view } from "./reducers/view.js";
import { isOf } from "./selectors.js";
import { story } from "./shown.js";
import { INITIAL } from "./initial.js";

/**
 * @param {State} state
 * @param {Action} action
 * @returns {State}
 */
export function reduce(state, action) {
  if (state.walk && action.type === "view/release") return { ...state, walk: null };
  const next = reduceOne(state, action);
  return next.walk && next !== state && !stillHolds(state, next) ? { ...next, walk: null } : next;
}

/**
 * @template {string} Family
 * @param {Action} action
 * @param {Family} family what stands before the slash
 * @returns {action is Extract<Action, {type: `${Family}/${string}`}>}
 */
const within = (action, family) => action.type.startsWith(`${family}/`);

/** @param {State} state @param {Action} action @returns {State} */
function reduceOne(state, action) {
  if (within(action, "knob")) return knobs(state, action);
  if (within(action, "arc")) return arcs(state, action);
  if (within(action, "walk")) return walk(state, action);
  if (within(action, "proof")) return proof(state, action);
  if (within(action, "baseline")) return baseline(state, action);
  if (within(action, "kept")) return kept(state, action);
  if (within(action, "view")) return view(state, action);
  if (within(action, "probe")) return probe(state, action);
  if (action.type === "runs" || action.type === "row") return list(state, action);
  switch (action.type) {
    case "presets":
      return { ...state, presets: action.presets };
    case "engine":
      return { ...state, engine: action.view };
    case "open":
      return { ...open(state, action.target, action.run ?? null), ...action.view };
    case "frame":
      return onFrame(state, action.message, action.at);
    case "link":
      return { ...state, link: linked(state, action) };
    case "snapshot":
      return inView(state, action.target) ? { ...state, stored: action.trace } : state;
    case "snapshots":
      return inView(state, action.target) ? listed(state, action.updates, action.networks) : state;
    case "metrics":
      return inView(state, action.target)
        ? { ...state, metrics: columnsOf(action), looks: looksOf(action.looks), marks: action.changes }
        : state;
    case "hits/answer":
      return { ...state, batchHits: { key: action.key, found: action.found, failedKey: null } };
    case "hits/failed":
      return { ...state, batchHits: { key: null, found: null, failedKey: action.key } };
    case "notice":
      return { ...state, notice: action.text };
    case "problem":
      return { ...state, problem: action.problem };
    default:
      return state;
  }
}

/** @param {State} state @param {Extract<Action, {type: "link"}>} action */
const linked = ({ link }, { status, retryAt = 0, away = link.away }) => ({
  ...{ status, retryAt },
  away: away && status !== "open",
});

/**
 * A question about the network in view: on its way, answered, given up, or refused.
 * @param {State} state
 * @param {Extract<Action, {type: `probe/${string}`}>} action
 * @returns {State}
 */
function probe(state, action) {
  switch (action.type) {
    case "probe/sent":
      return { ...state, probe: { key: action.key, since: action.at, problem: null, failedKey: null } };
    case "probe/answer":
      return { ...state, probed: { key: action.key, trace: action.trace }, probe: INITIAL.probe };
    case "probe/dropped":
      return { ...state, probe: INITIAL.probe };
    case "probe/failed":
      return (
        refused(state, action.problem) ?? {
          ...state,
          probe: { key: null, since: 0, problem: action.problem, failedKey: action.key },
        }
      );
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
    target,
    run,
    preset: target.kind === "preset" ? target.id : (run?.preset ?? null),
    earlier: null,
    ...NOTHING_SEEN,
    proof: { ...NO_PROOF, asked: state.proof.asked },
    span: null,
    own: null,
    probe: INITIAL.probe,
    knobs: NO_KNOBS,
    cutting: NO_CUTTING,
    knockouts: NO_KNOCKOUTS,
    gesture: null,
    problem: null,
    notice: null,
    choice: { step: null, memory: null, whole: state.choice.whole },
    pins: [],
    range: null,
  };
}

const UNPROCESSABLE = 422;

/**
 * A link may ask what the network cannot answer, before anything of it was shown: then the network is shown as it is.
 * Where there is a picture, it stays, and the field says what is wrong.
 * @param {State} state
 * @param {Problem} problem
 * @returns {State | null} null when there is a picture to keep
 */
function refused(state, problem) {
  const {
    target,
    choice,
    knobs: { override },
    knockouts: { out },
    own,
    example,
  } = state;
  const turned = Object.keys({ ...override, ...cuttingAsked(state) }).length > 0;
  const asked = choice.step !== null || out.length > 0 || own !== null || example !== 0 || turned;
  if (problem.status !== UNPROCESSABLE || !asked || isOf(target, story(state).trace)) return null;
  const { whole } = choice;
  return {
    ...state,
    probe: INITIAL.probe,
    choice: { step: null, memory: null, whole },
    knobs: NO_KNOBS,
    cutting: NO_CUTTING,
    knockouts: NO_KNOCKOUTS,
    own: null,
    example: 0,
    pins: [],
    range: null,
    notice: `${problem.detail.replace(/\.$/, "")}; shown without what the link asks`,
  };
}

/** @param {State} state @param {Target} target */
const inView = (state, target) => state.target?.kind === target.kind && state.target.id === target.id;

/**
 * What the server holds now; snapshots that came since its answer are added.
 * @param {State} state
 * @param {number[]} updates rising
 * @param {number[]} networks
 * @returns {State}
 */
function listed(state, updates, networks) {
  const last = updates.length ? updates[updates.length - 1] : -1;
  const snapshots = [...updates, ...state.snapshots.filter((update) => update > last)];
  // A link may name an update whose snapshot has been thinned away: its neighbour stands in.
  const update = state.update === null ? null : nearest(snapshots, state.update);
  if (state.update === null || update !== null) return { ...state, networks, snapshots, update };
  const notice = `update = ${state.update}: no update of this network is stored but the last, which is shown instead`;
  return { ...state, networks, snapshots, follow: true, update: null, notice };
}
