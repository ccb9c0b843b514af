// The probes that the view wants and the store lacks. At most one is under way; when it is answered, the newest wish
// goes next and all wishes between are forgotten.

import { postProbe, problemOf } from "../wire/api.js";
import { attemptOf, probeKey, probeToAsk, questionKey } from "../state/selectors.js";
import { weightsKey } from "../state/selectors/history.js";
import { createMemory } from "../wire/memory.js";

const LIVE_PROBE_GAP_MS = 400;

/**
 * @param {Store} store
 * @param {() => number} now ms
 */
export function driveProbes(store, now = () => performance.now()) {
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
    const attempt = attemptOf(store.get());
    try {
      const trace = { ...(await postProbe(request)), own: request.inputs !== undefined };
      memory.keep(place, trace);
      // An answer that nobody waits for any more must not take the place of one that is wanted.
      const wanted = probeKey(probeToAsk(store.get())) === key && attemptOf(store.get()) === attempt;
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
