// The self-proof badge: the identities of the specification, measured by the server on the weights in view.
// Asked only on demand, because a live run stands still while it is measured.

import { getSelfCheck, problemOf } from "../../wire/api.js";
import { find, html, markPanel, whenChanged } from "../../draw/layers/dom.js";
import { proofView } from "./selector.js";

/**
 * @param {Store} store
 * @returns {import("../../draw/painter.js").Panel}
 */
export function createSelfProof(store) {
  const root = find("[data-testid=self-proof]");
  const badge = find(".badge", root);
  const sentence = find("#proof-sentence", root);
  const details = /** @type {HTMLDetailsElement} */ (find("details", root));
  const button = /** @type {HTMLButtonElement} */ (find("button", root));
  const changed = whenChanged();
  button.addEventListener("click", () => ask(store));

  return {
    every: 100,
    paint(state) {
      const { proof, target } = state;
      if (!changed(proof, target)) return;
      const view = proofView(proof);
      markPanel(root, {
        update: proof.answer?.update ?? null,
        state:
          view.verdict === "running"
            ? "loading"
            : view.verdict === "unavailable"
              ? "error"
              : view.rows.length
                ? "live"
                : "empty",
      });
      root.dataset.verdict = view.verdict;
      badge.textContent = view.badge;
      sentence.textContent = view.sentence;
      button.textContent = view.verdict === "not asked" ? "Prove it" : "Again";
      button.disabled = !target || view.verdict === "running";
      details.hidden = view.rows.length === 0;
      find("tbody", details).replaceChildren(...view.rows.map(tableRow));
    },
  };
}

/** @param {Store} store */
async function ask(store) {
  const { target } = store.get();
  if (!target) return;
  store.dispatch({ type: "proof/ask" });
  const { asked } = store.get().proof;
  try {
    store.dispatch({ type: "proof/answer", asked, answer: await getSelfCheck(target) });
  } catch (error) {
    store.dispatch({ type: "proof/failed", asked, problem: problemOf(error) });
  }
}

/** @param {import("./selector.js").ProofRow} row */
function tableRow({ name, statement, difference, shown, limit, holds }) {
  return html(
    "tr",
    {
      "data-identity": name,
      "data-holds": String(holds),
      "data-difference": difference === null ? "" : String(difference),
    },
    html("td", {}, html("span", { "aria-label": holds ? "holds" : "fails" }, holds ? "✓" : "✗")),
    html(
      "td",
      {},
      statement,
      html("br"),
      html("span", { class: "difference" }, shown),
      html("small", {}, ` (allowed: ${limit})`),
    ),
  );
}
