// Whether the other end is still there. A connection that was frozen says nothing of it: no close, no error. Where
// nothing was heard for a while the page asks, and where nothing answers it hangs up: within 9 s.

const LOOK_MS = 500;
const QUIET_MS = 4_000;
const ANSWER_MS = 4_000;

/**
 * @typedef {{heardAt: () => number, ping: () => void, hangUp: () => void}} Ends when something was last heard (ms of
 *   performance.now()), how to ask, what to do when nobody is there
 * @typedef {{start: () => void, stop: () => void, ask: () => void}} Watch
 */

/** @param {Ends} ends @returns {Watch} */
export function watchLink({ heardAt, ping, hangUp }) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let askedAt = -Infinity;

  /** Ask now, unless a question is open. */
  function ask() {
    if (askedAt > heardAt()) return;
    askedAt = performance.now();
    ping();
  }

  function look() {
    const now = performance.now();
    // A sleep makes the silence long at once, but not the wait for an answer: that begins with the question.
    if (askedAt > heardAt() && now - askedAt > ANSWER_MS) return hangUp();
    if (now - heardAt() > QUIET_MS) ask();
    timer = setTimeout(look, LOOK_MS);
  }

  return {
    start() {
      clearTimeout(timer);
      askedAt = -Infinity;
      timer = setTimeout(look, LOOK_MS);
    },
    stop: () => clearTimeout(timer),
    ask,
  };
}
