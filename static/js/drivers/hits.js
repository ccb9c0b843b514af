// Asks for the hit rate of the probe batch once the picture rests, and of a run that trains now and then. It is never
// urgent.

import { postHits } from "../wire/api.js";
import { attemptOf, isLive, probeKey, questionKey } from "../state/selectors.js";
import { hitsToAsk } from "../state/selectors/hits.js";

const REST_MS = 700;
const LIVE_GAP_MS = 4000;

/** @param {Store} store */
export function driveHits(store) {
  let busy = false;
  let lastAt = -Infinity;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** @type {string | null} */
  let waiting = null;

  async function ask() {
    timer = undefined;
    waiting = null;
    const request = hitsToAsk(store.get());
    if (!request || busy || document.hidden) return;
    busy = true;
    const key = questionKey(request);
    const attempt = attemptOf(store.get());
    try {
      const found = await postHits(request);
      if (attemptOf(store.get()) === attempt) store.dispatch({ type: "hits/answer", key, found });
    } catch {
      // It is a second opinion: without it the panel holds the rate of its example.
      store.dispatch({ type: "hits/failed", key });
    }
    [busy, lastAt] = [false, performance.now()];
    plan(store.get());
  }

  /**
   * A new question waits until nothing changed for a while; a question that waits is not put off by frames of the
   * stream.
   * @param {State} state
   */
  function plan(state) {
    const key = probeKey(hitsToAsk(state));
    if (key === waiting || busy) return;
    clearTimeout(timer);
    waiting = key;
    const gap = isLive(state) ? Math.max(lastAt + LIVE_GAP_MS - performance.now(), REST_MS) : REST_MS;
    timer = key === null ? undefined : setTimeout(ask, gap);
  }
  store.subscribe(plan);
}
