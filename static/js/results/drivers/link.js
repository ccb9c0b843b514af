// The link of the page says what is shown: written while a person chooses, read when a link is opened.

import { fromHash, toHash } from "../state/link.js";

const WRITE_MS = 100;

/** @param {Results.Store} store */
export function driveLink(store) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let soon;
  let written = "";
  const open = () => {
    if (location.hash.replace(/^#/, "") === written) return;
    store.dispatch({ type: "choose", choice: fromHash(location.hash) });
  };
  const write = () => {
    const hash = toHash(store.get().choice);
    if (hash === written) return;
    written = hash;
    history.replaceState(null, "", hash ? `#${hash}` : location.pathname);
  };
  open();
  written = toHash(store.get().choice);
  window.addEventListener("hashchange", open);
  store.subscribe((_, action) => {
    if (action.type !== "choose") return;
    clearTimeout(soon);
    soon = setTimeout(write, WRITE_MS);
  });
}
