// Above the curves: what became of the run, in the server's own words.

import { find, whenChanged } from "../../draw/layers/dom.js";
import { presetInView, scrubbed } from "../../state/selectors/history.js";
import { verdictKind } from "../../state/selectors/runs.js";
import { unjudged } from "./words.js";

/**
 * @param {HTMLElement} root the panel of the curves
 * @returns {(state: State) => void}
 */
export function createVerdict(root) {
  const place = find("[data-testid=verdict]", root);
  const [label, sentence, advice] = [".verdict", ".verdict-sentence", ".verdict-advice"].map((one) => find(one, place));
  const changed = whenChanged();
  return (state) => {
    const { run } = state;
    const verdict = (run ? run.verdict : presetInView(state)?.verdict) ?? null;
    const none = run && !verdict ? unjudged(run) : "";
    const back = scrubbed(state) !== null;
    if (!changed(verdict, none, back)) return;
    place.hidden = !verdict && !none;
    place.dataset.word = verdict?.word ?? "";
    label.dataset.kind = verdict ? verdictKind(verdict) : "";
    label.hidden = !verdict;
    label.textContent = verdict?.label ?? "";
    sentence.textContent = verdict ? `${back ? "Of the whole training: " : ""}${verdict.sentence}` : none;
    advice.textContent = verdict?.advice ?? "";
  };
}
