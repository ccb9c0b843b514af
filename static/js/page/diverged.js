// The way back from a run that diverged: its last weights that gave a finite loss, opened as a stored network.

import { find, whenChanged } from "../draw/layers/dom.js";
import { grouped } from "../draw/numbers.js";

/**
 * @param {ReturnType<typeof import("../drivers/commands.js").createCommands>} commands
 * @returns {import("../draw/painter.js").Panel}
 */
export function createDiverged(commands) {
  const button = /** @type {HTMLButtonElement} */ (find("#open-finite"));
  const changed = whenChanged();
  let checkpoint = /** @type {string | null} */ (null);
  button.addEventListener("click", () => {
    if (checkpoint) commands.open({ kind: "checkpoint", id: checkpoint });
  });
  return {
    every: 100,
    paint({ run, target }) {
      if (!changed(run?.status, run?.checkpoint, target)) return;
      checkpoint = run?.status === "diverged" && target?.kind === "run" ? run.checkpoint : null;
      button.hidden = checkpoint === null;
      button.textContent = `Open last finite checkpoint (update ${grouped(run?.checkpoint_update ?? 0)})`;
    },
  };
}
