// A notice in the status line that leaves by itself, unless another has taken its place.

/** @param {Store} store @param {string} text @param {number} ms how long it stays */
export function sayFor(store, text, ms) {
  store.dispatch({ type: "notice", text });
  setTimeout(() => {
    if (store.get().notice === text) store.dispatch({ type: "notice", text: null });
  }, ms);
}
