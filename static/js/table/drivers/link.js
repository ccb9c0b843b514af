// The link of the page says what the page shows: written while a person chooses, read when a link is opened.

import { fromHash, toHash } from "../state/link.js";

const WRITE_MS = 100;

/** @param {Table.Store} store */
export function driveLink(store) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let soon;
  let written = "";
  const open = () => store.dispatch({ type: "opened", view: fromHash(location.hash) });
  const write = () => {
    const hash = toHash(store.get());
    if (hash === written) return;
    written = hash;
    history.replaceState(null, "", hash ? `#${hash}` : location.pathname);
  };
  open();
  written = toHash(store.get());
  window.addEventListener("hashchange", open);
  store.subscribe((_, action) => {
    if (action.type === "frame") return;
    clearTimeout(soon);
    soon = setTimeout(write, WRITE_MS);
  });
}
