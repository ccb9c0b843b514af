// Plays the stored snapshots one after another, from the start when the last one is in view. Each stays until it was
// painted, so a slow machine plays slower and leaves nothing out. Any press, key or wheel elsewhere stops it (WCAG 2.2.2);
// it never starts by itself.

import { nextToPlay } from "../state/selectors/history.js";

const INPUTS = ["pointerdown", "keydown", "wheel"];

/**
 * @param {Store} store
 * @param {HTMLElement} button the one that starts and stops it
 */
export function createPlayback(store, button) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  button.addEventListener("click", () => {
    const { playing, snapshots, follow, update } = store.get();
    if (playing) return store.dispatch({ type: "view/play", on: false });
    const atEnd = follow || update === null || update >= snapshots[snapshots.length - 1];
    if (atEnd) store.dispatch({ type: "view/update", update: snapshots[0] });
    store.dispatch({ type: "view/play", on: true });
  });
  for (const type of INPUTS) {
    document.addEventListener(
      type,
      (event) => {
        if (store.get().playing && !presses(event)) store.dispatch({ type: "view/play", on: false });
      },
      { capture: true, passive: true },
    );
  }

  /** The button's own press, which stops by itself. @param {Event} event */
  function presses(event) {
    const own = event.target instanceof Node && button.contains(event.target);
    return (
      own &&
      (event.type === "pointerdown" || (event instanceof KeyboardEvent && (event.key === "Enter" || event.key === " ")))
    );
  }

  function advance() {
    const { playing, snapshots, update } = store.get();
    const next = nextToPlay(snapshots, update);
    if (!playing) return;
    store.dispatch(next ? { type: "view/update", update: next.update } : { type: "view/play", on: false });
  }
  store.subscribe(({ playing, snapshots, update, stored }) => {
    if (!playing) {
      clearTimeout(timer);
      timer = undefined;
      return;
    }
    if (timer !== undefined || stored?.update !== update) return;
    timer = setTimeout(
      () => {
        timer = undefined;
        advance();
      },
      nextToPlay(snapshots, update)?.wait ?? 0,
    );
  });
}
