// Ctrl+Z takes back the last gesture: a turned knob, a knocked-out arc, a reset; Ctrl+Shift+Z and Ctrl+Y do the first
// two again. The buttons beside them do the same. What a gesture means: state/reducers/arcs.js and knobs.js.

/**
 * @param {Store} store
 * @param {ReturnType<typeof import("./commands.js").createCommands>} commands
 */
export function listenToUndo(store, commands) {
  document.addEventListener("keydown", (event) => {
    const place = event.target instanceof Element ? event.target : null;
    if (
      event.defaultPrevented ||
      event.altKey ||
      !(event.ctrlKey || event.metaKey) ||
      place?.closest("input:not([type=range]), select, textarea, dialog")
    )
      return;
    const key = event.key.toLowerCase();
    if (key !== "z" && key !== "y") return;
    const again = key === "y" || event.shiftKey;
    if (again ? redo(store) : undo(store, commands)) event.preventDefault();
  });
}

/**
 * @param {Store} store @param {ReturnType<typeof import("./commands.js").createCommands>} commands
 * @returns {boolean} whether there was anything
 */
function undo(store, commands) {
  const {
    gesture,
    knobs,
    knockouts: { history, out },
  } = store.get();
  if (gesture === "reset" && commands.undoReset()) return true;
  const arcs = history.length > 0 || out.length > 0;
  if (knobs.undo && (gesture === "knob" || !arcs)) {
    const { name, from, to } = knobs.undo;
    commands.knob(name, from, to);
    return true;
  }
  if (arcs) store.dispatch({ type: "arc/undo" });
  return arcs;
}

/** A knob that was taken back has left the way forward as its own undo. @param {Store} store */
function redo(store) {
  if (store.get().knockouts.undone.length === 0) return false;
  store.dispatch({ type: "arc/redo" });
  return true;
}
