// The one animation-frame loop: takes what the stream brought, then lets panels paint. Idle when nothing changed.
// While a run is live a panel paints at most every `every` ms, and never for more than a small share of the time: on a
// slow machine slow panels paint less often, so that the heatmap stays fluent. The newest state wins.

const SHARE = 1 / 14;
const FORGET = 0.7;

/**
 * @typedef {{every: number, together?: boolean, paint: (state: State, now: number) => void}} Panel
 *   panels marked `together` tell one story and paint in the same frame, at the pace of the slowest
 * @typedef {{panel: Panel, at: number, dirty: boolean, cost: number}} Entry
 */

/**
 * @param {Store} store
 * @param {() => Wire.Frame[]} take what the stream brought
 * @param {(error: unknown) => void} onError
 */
export function createPainter(store, take, onError) {
  /** @type {Entry[]} */
  const entries = [];
  let asked = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let later;
  let urgent = false;

  function frame(/** @type {number} */ now) {
    asked = false;
    for (const message of take()) store.dispatch({ type: "frame", message, at: Date.now() });
    const state = store.get();
    let wait = Infinity;
    const due = (/** @type {Entry} */ entry) => entry.at + pace(entry);
    const chorus = Math.max(...entries.filter((one) => one.panel.together).map(due), -Infinity);
    for (const entry of entries.filter((one) => one.dirty)) {
      const rest = (entry.panel.together ? chorus : due(entry)) - now;
      if (rest > 0 && !urgent) wait = Math.min(wait, rest);
      else paint(entry, state, now);
    }
    urgent = false;
    clearTimeout(later);
    if (wait < Infinity) later = setTimeout(request, wait);
  }

  const pace = (/** @type {Entry} */ { panel, cost }) => (panel.every === 0 ? 0 : Math.max(panel.every, cost / SHARE));

  /** @param {Entry} entry @param {State} state @param {number} now */
  function paint(entry, state, now) {
    entry.at = now;
    entry.dirty = false;
    const started = performance.now();
    try {
      entry.panel.paint(state, now);
    } catch (error) {
      onError(error);
    }
    entry.cost = Math.max(performance.now() - started, entry.cost * FORGET);
  }

  function request() {
    if (asked) return;
    asked = true;
    requestAnimationFrame(frame);
  }

  const soil = () =>
    entries.forEach((entry) => {
      entry.dirty = true;
    });

  store.subscribe((_, action) => {
    soil();
    if (action.type !== "frame") urgent = true;
    request();
  });
  return {
    request,
    /** Paint everything at the next frame, as after a change of size or theme. */
    hurry() {
      urgent = true;
      soil();
      request();
    },
    /** Paint everything before this returns, as before a page is printed. */
    now() {
      urgent = true;
      soil();
      frame(performance.now());
    },
    /** @param {...Panel} panels */
    add(...panels) {
      entries.push(...panels.map((panel) => ({ panel, at: -Infinity, dirty: true, cost: 0 })));
      request();
    },
  };
}
