// What the view wants and the store lacks is asked for here: probes and stored snapshots. At most one request of a
// kind is under way; when it is answered, the newest wish goes next and all wishes between are forgotten.

import { getMetrics, getSnapshot, getSnapshots, postProbe, problemOf } from "../wire/api.js";
import { probeKey, probeToAsk, questionKey, wantedSnapshot } from "../state/selectors.js";
import { weightsKey } from "../state/selectors/history.js";
import { fromJson } from "../wire/trace.js";

const LIVE_PROBE_GAP_MS = 400;
/** Traces kept so that a step or an update that was seen before needs no request. */
const KEPT = 160;
const GONE = 404;

/** A small memory of answers, the oldest forgotten first. */
function createMemory() {
  /** @type {Map<string, Trace>} */
  const known = new Map();
  return {
    get: (/** @type {string | null} */ key) => (key === null ? undefined : known.get(key)),
    keep(/** @type {string | null} */ key, /** @type {Trace} */ trace) {
      if (key === null) return;
      known.set(key, trace);
      if (known.size > KEPT) known.delete(/** @type {string} */ (known.keys().next().value));
    },
  };
}

/**
 * @param {Store} store
 * @param {() => number} now ms
 */
export function driveProbes(store, now = Date.now) {
  let busy = false;
  let lastKey = /** @type {string | null} */ (null);
  let lastAt = -Infinity;
  const memory = createMemory();
  const memoryKey = (/** @type {string} */ key) => {
    const weights = weightsKey(store.get());
    return weights === null ? null : `${weights} ${key}`;
  };

  async function ask() {
    const request = probeToAsk(store.get());
    if (!request) return;
    const key = questionKey(request);
    const remembered = memory.get(memoryKey(key));
    // At once and without a request: all panels follow within the same frame.
    if (remembered) return store.dispatch({ type: "probe/answer", key, trace: remembered });
    if (busy) return;
    const early = key === lastKey ? lastAt + LIVE_PROBE_GAP_MS - now() : 0;
    busy = true;
    if (early > 0) await new Promise((resolve) => setTimeout(resolve, early));
    store.dispatch({ type: "probe/sent", key, at: now() });
    const place = memoryKey(key);
    try {
      const trace = { ...fromJson(await postProbe(request)), own: request.inputs !== undefined };
      memory.keep(place, trace);
      // An answer that nobody waits for any more must not take the place of one that is wanted.
      const wanted = probeKey(probeToAsk(store.get())) === key;
      store.dispatch(wanted ? { type: "probe/answer", key, trace } : { type: "probe/dropped" });
    } catch (error) {
      store.dispatch({ type: "probe/failed", key, problem: problemOf(error) });
    }
    [busy, lastKey, lastAt] = [false, key, now()];
    ask();
  }
  store.subscribe(ask);
  ask();
}

/** @param {Store} store */
export function driveSnapshots(store) {
  let busy = false;
  /** @type {string | null} */
  let failed = null;
  const memory = createMemory();

  async function ask() {
    const wanted = wantedSnapshot(store.get());
    const key = wanted && `${JSON.stringify(wanted)} ${store.get().run?.attempt}`;
    if (!wanted || key === failed) return;
    const remembered = memory.get(key);
    if (remembered) return store.dispatch({ type: "snapshot", target: wanted.target, trace: remembered });
    if (busy) return;
    busy = true;
    try {
      const trace = fromJson(await getSnapshot(wanted.target, wanted.update));
      failed = null;
      memory.keep(key, trace);
      store.dispatch({ type: "snapshot", target: wanted.target, trace });
    } catch (error) {
      failed = key;
      const problem = problemOf(error);
      // The store thins what it keeps; the fresh list knows the nearest neighbour.
      if (problem.status === GONE) await listSnapshots(store);
      else store.dispatch({ type: "notice", text: problem.detail });
    }
    busy = false;
    ask();
  }

  store.subscribe(ask);
}

/**
 * The updates that have a stored snapshot, for the scrubber; for a stored network its curves too, since no stream brings them.
 * @param {Store} store
 */
export async function listSnapshots(store) {
  const { target, presets } = store.get();
  if (!target) return;
  const preset = presets?.find((one) => one.name === target.id);
  // A link may ask for an update even of a network that has but one.
  if (target.kind === "checkpoint" || (target.kind === "preset" && !preset?.history))
    return store.dispatch({ type: "snapshots", target, updates: [], networks: [] });
  try {
    const stored = await getSnapshots(target);
    const networks = "checkpoints" in stored ? stored.checkpoints.map((each) => each.update) : [];
    store.dispatch({ type: "snapshots", target, updates: stored.updates, networks });
    if (target.kind === "preset") store.dispatch({ type: "metrics", target, ...(await getMetrics(target)) });
  } catch {
    // The list is a convenience: without it the scrubber holds what this tab saw.
  }
}
