// Above the heatmap: whether it shows a difference, what its colours mean then, and the words that stand where a
// picture would mean nothing.

import { find, whenChanged } from "../../draw/layers/dom.js";

/**
 * @param {Store} store
 * @param {HTMLElement} root the attention panel
 * @returns {(state: State, text: string) => void} paints the head; a text takes the place of the picture
 */
export function createAttentionHead(store, root) {
  const title = find("h2 button", root);
  const message = find(".stage-message", root);
  const signed = find(".signed", root);
  const toggle = /** @type {HTMLInputElement} */ (find("input[name=difference]", root));
  const label = /** @type {HTMLElement} */ (toggle.closest("label"));
  const changed = whenChanged();
  toggle.addEventListener("change", () => store.dispatch({ type: "baseline/difference", on: toggle.checked }));

  return ({ baseline, difference }, text) => {
    if (!changed(baseline, difference, text)) return;
    const on = difference && baseline !== null;
    toggle.checked = difference;
    label.hidden = !baseline;
    label.title = baseline ? `weights of this network minus those of “${baseline.name}”` : "";
    title.textContent = on ? "Attention − baseline" : "Attention";
    signed.hidden = !on || text !== "";
    message.hidden = text === "";
    message.textContent = text;
    root.classList.toggle("no-picture", text !== "");
  };
}
