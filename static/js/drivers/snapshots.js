// The stored snapshots that the view wants and the store lacks, one request at a time, and the list of them.

import { getMetrics, getSnapshot, getSnapshots, problemOf } from "../wire/api.js";
import { wantedSnapshot } from "../state/selectors.js";
import { createMemory } from "../wire/memory.js";

const GONE = 404;

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
      const trace = await getSnapshot(wanted.target, wanted.update);
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
 * The updates that have a stored snapshot, for the scrubber; for a stored network its curves too, since no stream
 * brings them.
 * @param {Store} store
 */
export async function listSnapshots(store) {
  const { target, presets, recorded } = store.get();
  if (!target) return;
  const preset = presets?.find((one) => one.name === target.id);
  // A link may ask for an update even of a network that has but one.
  if (target.kind === "checkpoint" || (target.kind === "preset" && !preset?.history))
    return store.dispatch({ type: "snapshots", target, updates: [], networks: [] });
  try {
    const stored = await getSnapshots(target);
    const networks = "checkpoints" in stored ? stored.checkpoints.map((each) => each.update) : [];
    store.dispatch({ type: "snapshots", target, updates: stored.updates, networks });
    if (target.kind === "preset" || recorded)
      store.dispatch({ type: "metrics", target, ...(await getMetrics(target)) });
  } catch {
    // The list is a convenience: without it the scrubber holds what this tab saw.
  }
}
