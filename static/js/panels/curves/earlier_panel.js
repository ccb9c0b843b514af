// Below the curves, after a reset or reseed: the attempt before it is still there, to be laid over or to go back to.

import { find, whenChanged } from "../../draw/layers/dom.js";
import { grouped } from "../../draw/numbers.js";

/**
 * @param {Store} store
 * @param {ReturnType<typeof import("../../drivers/commands.js").createCommands>} commands
 * @param {HTMLElement} root the panel of the curves
 * @returns {(state: State) => void}
 */
export function createEarlier(store, commands, root) {
  const line = find(".earlier", root);
  const words = find("span", line);
  const lay = find("[data-does=lay]", line);
  const changed = whenChanged();
  lay.addEventListener("click", () => {
    store.dispatch({ type: isLaid(store.get()) ? "baseline/release" : "baseline/earlier" });
  });
  find("[data-does=undo]", line).addEventListener("click", () => commands.undoReset());
  return (state) => {
    const { earlier, baseline } = state;
    if (!changed(earlier, baseline)) return;
    line.hidden = earlier === null;
    words.textContent = earlier ? keptWords(earlier) : "";
    lay.textContent = isLaid(state) ? "Take it away" : "Lay it over";
  };
}

/** @param {NonNullable<State["earlier"]>} earlier */
function keptWords({ attempt, baseline: { metrics } }) {
  const updates = metrics?.update ?? [];
  const upTo = updates.length ? `, up to update ${grouped(updates[updates.length - 1])}` : "";
  return `Attempt ${attempt} is kept in Runs${upTo}.`;
}

/** @param {Pick<State, "earlier" | "baseline">} state */
const isLaid = ({ earlier, baseline }) => earlier !== null && baseline?.target.id === earlier.baseline.target.id;
