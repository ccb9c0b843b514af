// The address bar holds the view; Share copies it. Opening such a link brings the view back.

import { find } from "./layers/dom.js";
import { NO_KNOBS } from "./reducers/knobs.js";
import { fromHash, toHash } from "./url_state.js";

const WRITE_AFTER_MS = 300;
const SAY_MS = 2000;

/** @param {Store} store */
export function createShare(store) {
  const button = find("#share");
  button.addEventListener("click", async () => {
    const link = new URL(location.href);
    link.hash = toHash(store.get(), { theme: true });
    history.replaceState(null, "", link);
    try {
      await navigator.clipboard.writeText(link.href);
      say("link copied");
    } catch {
      say("the link is in the address bar");
    }
  });

  /** @param {string} text */
  function say(text) {
    store.dispatch({ type: "notice", text });
    setTimeout(() => { if (store.get().notice === text) store.dispatch({ type: "notice", text: null }); }, SAY_MS);
  }

  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let written = "";
  store.subscribe((_, action) => {
    if (action.type === "frame") return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      const hash = toHash(store.get());
      if (hash === written || !store.get().target) return;
      written = hash;
      history.replaceState(null, "", `#${hash}`);
    }, WRITE_AFTER_MS);
  });
}

/**
 * @param {string} hash
 * @returns {{target: Target, view: Partial<State>} | null} null when the link names no network
 */
export function restore(hash) {
  const { target, override, state } = fromHash(hash);
  return target && { target, view: { ...state, knobs: { ...NO_KNOBS, override } } };
}
