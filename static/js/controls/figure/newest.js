// One question at a time, asked a moment after the last change of mind; only the answer to the newest one is shown.
// Pure but for the clock that it is given.

/**
 * @template Q, A
 * @typedef {{ask: (question: Q) => Promise<A>, shown: (answer: A, question: Q) => void,
 *   refused: (error: unknown, question: Q) => void}} Asking
 */
/** @typedef {{after: (act: () => void, ms: number) => number, cancel: (timer: number) => void}} Clock */

/** @type {Clock} */
const CLOCK = { after: (act, ms) => window.setTimeout(act, ms), cancel: (timer) => window.clearTimeout(timer) };

/**
 * @template Q, A
 * @param {Asking<Q, A>} asking
 * @param {Clock} clock
 * @returns {{want: (question: Q, ms: number) => void, drop: () => void}} `want` asks after so many ms, unless another
 *   is wanted by then; after `drop` no answer is shown
 */
export function createNewest({ ask, shown, refused }, clock = CLOCK) {
  let asked = 0;
  let wanted = 0;
  let busy = false;
  /** @type {number | null} */
  let timer = null;
  /** @type {{question: Q, number: number} | null} waits for the answer under way */
  let next = null;
  const go = async () => {
    if (busy || !next) return;
    const { question, number } = next;
    [busy, next, asked] = [true, null, number];
    try {
      const answer = await ask(question);
      if (asked === wanted) shown(answer, question);
    } catch (error) {
      if (asked === wanted) refused(error, question);
    }
    busy = false;
    void go();
  };
  const drop = () => {
    wanted += 1;
    next = null;
    if (timer !== null) clock.cancel(timer);
    timer = null;
  };
  return {
    drop,
    want(question, ms) {
      drop();
      const number = wanted;
      timer = clock.after(() => {
        timer = null;
        next = { question, number };
        void go();
      }, ms);
    },
  };
}
