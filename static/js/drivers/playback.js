// Plays the stored snapshots one after another, from the start when the last one is in view. Each stays until it was
// painted, so a slow machine plays slower and leaves nothing out. Any press, key or wheel elsewhere stops it (WCAG
// 2.2.2); it never starts by itself.

import { nextToPlay } from "../state/selectors/history.js";

const INPUTS = ["pointerdown", "keydown", "wheel"];

/**
 * @param {Store} store
 * @param {HTMLElement} button the one that starts and stops it
 */
export function createPlayback(store, button) {
  button.addEventListener("click", () => toggle(store));
  stopAtInput(store, button);
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
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
        advance(store);
      },
      nextToPlay(snapshots, update)?.wait ?? 0,
    );
  });
}

/** @param {Store} store */
function toggle(store) {
  const { playing, snapshots, follow, update } = store.get();
  if (playing) return store.dispatch({ type: "view/play", on: false });
  const atEnd = follow || update === null || update >= snapshots[snapshots.length - 1];
  if (atEnd) store.dispatch({ type: "view/update", update: snapshots[0] });
  store.dispatch({ type: "view/play", on: true });
}

/** @param {Store} store @param {HTMLElement} button its own press stops by itself */
function stopAtInput(store, button) {
  for (const type of INPUTS)
    document.addEventListener(
      type,
      (event) => {
        if (store.get().playing && !presses(event, button)) store.dispatch({ type: "view/play", on: false });
      },
      { capture: true, passive: true },
    );
}

/** @param {Event} event @param {HTMLElement} button */
function presses(event, button) {
  const own = event.target instanceof Node && button.contains(event.target);
  return (
    own &&
    (event.type === "pointerdown" || (event instanceof KeyboardEvent && (event.key === "Enter" || event.key === " ")))
  );
}

/** @param {Store} store */
function advance(store) {
  const { playing, snapshots, update } = store.get();
  const next = nextToPlay(snapshots, update);
  if (!playing) return;
  store.dispatch(next ? { type: "view/update", update: next.update } : { type: "view/play", on: false });
}
