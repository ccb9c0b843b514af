// The address bar holds the view; Share copies it. Opening such a link, or following one in the page, brings the view back.

import { find } from "./layers/dom.js";
import { fromHash, toHash } from "./url_state.js";

const WRITE_AFTER_MS = 300;
const SAY_MS = 4000;

/** @param {Store} store */
export function createShare(store) {
  const dialog = /** @type {HTMLDialogElement} */ (find("#share-dialog"));
  const field = /** @type {HTMLInputElement} */ (find("input", dialog));
  find("#share").addEventListener("click", async () => {
    const link = new URL(location.href);
    link.hash = toHash(store.get(), { theme: true });
    history.replaceState(null, "", link);
    try {
      await navigator.clipboard.writeText(link.href);
      say("link copied");
    } catch {
      // No permission, or no clipboard at all, as on a page that did not come over https or from this machine.
      field.value = link.href;
      dialog.showModal();
      field.select();
    }
  });

  /** @param {string} text */
  function say(text) {
    store.dispatch({ type: "notice", text });
    setTimeout(() => { if (store.get().notice === text) store.dispatch({ type: "notice", text: null }); }, SAY_MS);
  }

  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  store.subscribe((_, action) => {
    if (action.type === "frame") return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      const hash = `#${toHash(store.get())}`;
      // Not pushed: a hundred clicks would bury the page from which a person came.
      if (store.get().target && location.hash !== hash) history.replaceState(null, "", hash);
    }, WRITE_AFTER_MS);
  });
}

/**
 * Shows what a link says; a link that names no network, or one that is not here, shows the first trained preset.
 * @param {string} hash
 * @param {Store} store
 * @param {ReturnType<typeof import("./commands.js").createCommands>} commands
 */
export function openLink(hash, store, commands) {
  const { target, view } = fromHash(hash);
  const presets = store.get().presets ?? [];
  const known = target !== null && (target.kind !== "preset" || presets.some((preset) => preset.name === target.id));
  const first = presets.find((preset) => preset.pretrained) ?? presets[0];
  const shown = known ? target : first && /** @type {Target} */ ({ kind: "preset", id: first.name });
  if (!shown) return;
  const now = store.get().target;
  if (now?.kind === shown.kind && now.id === shown.id) store.dispatch({ type: "view/restore", view });
  else commands.open(shown, view);
  if (target && !known) store.dispatch({ type: "problem", problem: { title: "Not here", status: 404, detail: `preset = ${target.id}: this server has no such preset; here is ${shown.id} instead.` } });
}
