// What the view wants and the store lacks is asked for here: probes and stored snapshots. At most one request of a
// kind is under way; when it is answered, the newest wish goes next and all wishes between are forgotten.

import { getSnapshot, getSnapshots, postProbe, problemOf } from "./api.js";
import { probeKey, probeToAsk, wantedSnapshot } from "./selectors.js";
import { fromJson } from "./trace.js";

const LIVE_PROBE_GAP_MS = 400;

/**
 * @param {Store} store
 * @param {() => number} now ms
 */
export function driveProbes(store, now = Date.now) {
  let busy = false;
  let lastKey = /** @type {string | null} */ (null);
  let lastAt = -Infinity;

  async function ask() {
    const request = probeToAsk(store.get());
    if (busy || !request) return;
    const key = /** @type {string} */ (probeKey(request));
    const early = key === lastKey ? lastAt + LIVE_PROBE_GAP_MS - now() : 0;
    busy = true;
    if (early > 0) await new Promise((resolve) => setTimeout(resolve, early));
    store.dispatch({ type: "probe/sent", key, at: now() });
    try {
      const trace = fromJson(await postProbe(request));
      store.dispatch({ type: "probe/answer", key, trace });
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

  async function ask() {
    const wanted = wantedSnapshot(store.get());
    const key = JSON.stringify(wanted);
    if (busy || !wanted || key === failed) return;
    busy = true;
    try {
      const trace = fromJson(await getSnapshot(wanted.run, wanted.update));
      failed = null;
      store.dispatch({ type: "snapshot", run: wanted.run, trace });
    } catch (error) {
      failed = key;
      store.dispatch({ type: "notice", text: problemOf(error).detail });
    }
    busy = false;
    ask();
  }
  store.subscribe(ask);
}

/**
 * The updates that have a stored snapshot, for the scrubber.
 * @param {Store} store
 */
export async function listSnapshots(store) {
  const { target } = store.get();
  if (target?.kind !== "run") return;
  try {
    const answer = await getSnapshots(target.id);
    const entries = Array.isArray(answer) ? answer : (answer.snapshots ?? answer.updates ?? []);
    const updates = entries.map((/** @type {any} */ entry) => (typeof entry === "number" ? entry : entry.update));
    if (store.get().target?.id === target.id) store.dispatch({ type: "snapshots", updates });
  } catch {
    // The list is a convenience: without it the scrubber holds what this tab saw.
  }
}
