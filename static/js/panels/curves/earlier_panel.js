// Below the curves, after a reset or reseed: the attempt before it is still there, to be laid over the new one.

import { find, whenChanged } from "../../draw/layers/dom.js";
import { grouped } from "../../draw/numbers.js";

/**
 * @param {Store} store
 * @param {HTMLElement} root the panel of the curves
 * @returns {(state: State) => void}
 */
export function createEarlier(store, root) {
  const line = find(".earlier", root);
  const words = find("span", line);
  const button = find("button", line);
  const changed = whenChanged();
  button.addEventListener("click", () => {
    const { baseline, earlier } = store.get();
    store.dispatch({ type: baseline !== null && baseline === earlier ? "baseline/release" : "baseline/earlier" });
  });
  return ({ earlier, baseline }) => {
    if (!changed(earlier, baseline)) return;
    line.hidden = earlier === null;
    const updates = earlier?.metrics?.update;
    words.textContent =
      earlier && updates
        ? `Attempt ${earlier.attempt} is kept here, up to update ${grouped(updates[updates.length - 1])}.`
        : "";
    button.textContent = baseline !== null && baseline === earlier ? "Take it away" : "Lay it over";
  };
}
