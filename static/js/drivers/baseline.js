// Fetches what the pinned baseline lacks: its newest trace for the example in view, and once its curves.

import { getMetrics, getSnapshot, postProbe, problemOf } from "../wire/api.js";
import { nameOf, wantedBaseline } from "../state/selectors/comparison.js";
import { DEFAULT_SHARE } from "../wire/contract.js";

/** @param {Store} store */
export function driveBaseline(store) {
  let busy = false;
  /** @type {string | null} */
  let failed = null;

  async function ask() {
    const wanted = wantedBaseline(store.get());
    const run = store.get().runs.find((one) => one.id === wanted?.target.id);
    const key = JSON.stringify([wanted, run?.attempt, run?.status]);
    if (busy || !wanted || key === failed) return;
    busy = true;
    const { target, example } = wanted;
    try {
      const metrics = hasCurves(store.get()) ? await getMetrics(target) : null;
      const trace = await (target.kind === "run"
        ? getSnapshot(target, `latest?example=${example}`)
        : postProbe({ [target.kind]: target.id, example, share: DEFAULT_SHARE }));
      store.dispatch({ type: "baseline/loaded", target, name: nameOf(store.get(), target), metrics, trace });
    } catch (error) {
      failed = key;
      store.dispatch({ type: "baseline/failed", target, problem: problemOf(error) });
    }
    busy = false;
    ask();
  }
  store.subscribe((state) => {
    if (!state.baseline) failed = null;
    ask();
  });
}

/** @param {State} state */
function hasCurves({ baseline, presets }) {
  if (!baseline || baseline.metrics) return false;
  return baseline.target.kind === "run" || Boolean(presets?.find((one) => one.name === baseline.target.id)?.history);
}
