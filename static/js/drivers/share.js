// The address bar holds the view; Share copies it. Opening such a link, or following one in the page, brings the view
// back.

import { find } from "../draw/layers/dom.js";
import { getRun, problemOf } from "../wire/api.js";
import { sayFor } from "./notices.js";
import { fromHash, hereOnly, leftOut, toHash } from "../state/url/state.js";
import { at } from "../wire/link/root.js";

const WRITE_AFTER_MS = 300;
const SAY_MS = 4000;
const GONE = 404;

/**
 * @param {Store} store
 * @param {ReturnType<typeof import("./commands.js").createCommands>} commands
 * @returns {{open: (hash: string) => void}} shows what a link says, once the presets are there
 */
export function createShare(store, commands) {
  /**
   * The address as this page left it: when it is another, a person has followed a link, and nothing may write over it.
   */
  let left = location.hash;

  find("#share").addEventListener("click", () => {
    write(toHash(store.get(), { theme: true }));
    copyAddress(store);
  });

  // The way back from there leads to this very view.
  const help = /** @type {HTMLAnchorElement} */ (find("#help"));
  help.addEventListener("click", () => {
    help.href = at(`/help?view=${encodeURIComponent(toHash(store.get()))}`);
  });

  /** Not pushed: a hundred clicks would bury the page from which a person came. @param {string} hash */
  function write(hash) {
    if (inAddress(hash)) left = location.hash;
  }

  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  store.subscribe((_, action) => {
    if (action.type === "frame") return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      const hash = toHash(store.get());
      if (store.get().target && location.hash === left && left !== `#${hash}`) write(hash);
    }, WRITE_AFTER_MS);
  });

  function open(/** @type {string} */ hash) {
    left = location.hash;
    openLink(hash, store, commands);
  }
  fallBack(store, commands);
  window.addEventListener("hashchange", () => {
    if (location.hash !== left) open(location.hash);
  });
  return { open };
}

/**
 * The view into the address; a page inside another, as in a cell of a notebook, has none of its own.
 * @param {string} hash
 */
function inAddress(hash) {
  try {
    history.replaceState(null, "", `#${hash}`);
    return true;
  } catch {
    return false;
  }
}

/** @param {Store} store */
async function copyAddress(store) {
  const dialog = /** @type {HTMLDialogElement} */ (find("#share-dialog"));
  const field = /** @type {HTMLInputElement} */ (find("input", dialog));
  try {
    await navigator.clipboard.writeText(location.href);
    sayFor(store, `link copied${leftOut(store.get())}${hereOnly(location.hostname, store.get())}`, SAY_MS);
  } catch {
    // No permission, or no clipboard at all, as on a page that came neither over https nor from this machine.
    field.value = location.href;
    const notes = `${leftOut(store.get())}${hereOnly(location.hostname, store.get())}`;
    find("[role=note]", dialog).textContent = notes.replace(/^; /, "");
    dialog.showModal();
    field.select();
  }
}

/**
 * A link that names no network, or one that is not here, shows the first trained preset.
 * @param {string} hash
 * @param {Store} store
 * @param {ReturnType<typeof import("./commands.js").createCommands>} commands
 */
function openLink(hash, store, commands) {
  const { target, view, unread } = fromHash(hash);
  const presets = store.get().presets ?? [];
  const known = target !== null && (target.kind !== "preset" || presets.some((preset) => preset.name === target.id));
  const first = firstOf(presets);
  const shown = known ? target : first && /** @type {Target} */ ({ kind: "preset", id: first.name });
  if (!shown) return;
  const now = store.get().target;
  if (now?.kind === shown.kind && now.id === shown.id) store.dispatch({ type: "view/restore", view });
  else commands.open(shown, view);
  if (target && !known) notHere(store, target, shown.id);
  if (unread.length)
    store.dispatch({ type: "notice", text: `not understood in the link, and left out: ${unread.join(", ")}` });
}

/** @param {Preset[]} presets */
const firstOf = (presets) => presets.find((preset) => preset.pretrained) ?? presets[0];

/** @param {Store} store @param {Target} target @param {string} instead */
function notHere(store, { kind, id }, instead) {
  store.dispatch({
    type: "problem",
    problem: {
      title: "Not here",
      status: GONE,
      detail: `${kind} = ${id}: this server has no such ${kind}; here is ${instead} instead.`,
    },
  });
}

/**
 * Only the server knows which runs and checkpoints it has; when it says so, the first preset comes.
 * @param {Store} store @param {ReturnType<typeof import("./commands.js").createCommands>} commands
 */
function fallBack(store, commands) {
  const instead = (/** @type {Target} */ target) => {
    const first = firstOf(store.get().presets ?? []);
    if (!first || store.get().target !== target) return;
    commands.open({ kind: "preset", id: first.name });
    notHere(store, target, first.name);
  };
  store.subscribe(({ target, runs }, action) => {
    if (!target || target.kind === "preset") return;
    if (action.type === "probe/failed" && target.kind === "checkpoint" && action.problem.status === GONE)
      instead(target);
    if (action.type === "runs" && target.kind === "run" && !runs.some((run) => run.id === target.id))
      // It may be older than those that are listed.
      getRun(target.id).then(
        (view) => store.dispatch({ type: "row", run: view.id, view }),
        (/** @type {unknown} */ error) => problemOf(error).status === GONE && instead(target),
      );
  });
}
