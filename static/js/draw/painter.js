// The one animation-frame loop: takes what the stream brought, then lets panels paint. Idle when nothing changed.
// While a run is live a panel paints at most every `every` ms, and never for more than a small share of the time: on a
// slow machine slow panels paint less often, so that the heatmap stays fluent. The newest state wins.

const SHARE = 1 / 14;
const FORGET = 0.7;

/**
 * @template S of the state
 * @typedef {{every: number, together?: boolean, paint: (state: S, now: number) => void}} PanelOf
 *   panels marked `together` tell one story and paint in the same frame, at the pace of the slowest
 */
/** @template S @typedef {{panel: PanelOf<S>, at: number, dirty: boolean, cost: number}} Entry */
/**
 * @template S
 * @typedef {{get(): S, dispatch(action: {type: "frame", message: Wire.Frame, at: number}): void,
 *   subscribe(listener: (state: S, action: {type: string}) => void): unknown}} Painted a store whose state is painted
 */
/**
 * @typedef {PanelOf<State>} Panel one of the explorer
 * @typedef {{take: () => Wire.Frame[], onError: (error: unknown) => void}} Ends what the stream brought, and who hears
 *   of errors
 */

/**
 * @template S
 * @param {Painted<S>} store
 * @param {Ends["take"]} take
 * @param {Ends["onError"]} onError
 */
export function createPainter(store, take, onError) {
  const loop = new Loop(store, { take, onError });
  store.subscribe((_, action) => {
    loop.markAll();
    if (action.type !== "frame") loop.urgent = true;
    loop.request();
  });
  return {
    request: () => loop.request(),
    /** Paint everything at the next frame, as after a change of size or theme. */
    hurry() {
      loop.urgent = true;
      loop.markAll();
      loop.request();
    },
    /** Paint everything before this returns, as before a page is printed. */
    now() {
      loop.urgent = true;
      loop.markAll();
      loop.frame(performance.now());
    },
    /** @param {...PanelOf<S>} panels */
    add(...panels) {
      loop.entries.push(...panels.map((panel) => ({ panel, at: -Infinity, dirty: true, cost: 0 })));
      loop.request();
    },
  };
}

/** @template S */
class Loop {
  /** @type {Entry<S>[]} */
  entries = [];
  /** Whether the next frame paints what is dirty without waiting for anyone's pace. */
  urgent = false;
  #asked = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #later;

  /** @param {Painted<S>} store @param {Ends} ends */
  constructor(store, ends) {
    this.store = store;
    this.ends = ends;
  }

  request() {
    if (this.#asked) return;
    this.#asked = true;
    requestAnimationFrame((now) => this.frame(now));
  }

  markAll() {
    for (const entry of this.entries) entry.dirty = true;
  }

  /** @param {number} now ms */
  frame(now) {
    this.#asked = false;
    for (const message of this.ends.take()) this.store.dispatch({ type: "frame", message, at: performance.now() });
    const state = this.store.get();
    let wait = Infinity;
    const slowest = Math.max(...this.entries.filter((one) => one.panel.together).map(due), -Infinity);
    for (const entry of this.entries.filter((one) => one.dirty)) {
      const rest = (entry.panel.together ? slowest : due(entry)) - now;
      if (rest > 0 && !this.urgent) wait = Math.min(wait, rest);
      else paint(entry, state, now, this.ends.onError);
    }
    this.urgent = false;
    clearTimeout(this.#later);
    if (wait < Infinity) this.#later = setTimeout(() => this.request(), wait);
  }
}

/** When a panel may paint again, ms. @template S @param {Entry<S>} entry */
function due({ panel, at, cost }) {
  return at + (panel.every === 0 ? 0 : Math.max(panel.every, cost / SHARE));
}

/** @template S @param {Entry<S>} entry @param {S} state @param {number} now ms @param {Ends["onError"]} onError */
function paint(entry, state, now, onError) {
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
