// The words of the glossary, explained where they stand: on hover, on focus and on tap. Esc closes, as does leaving.

import { find, html } from "../../draw/layers/dom.js";

const AWAY_PX = 6;

/** @typedef {{box: HTMLElement, at: HTMLElement | null}} Explained the word that is explained now */

/** One box and one set of listeners serve all words, also those that are drawn later. */
export function createTerms() {
  const words = readGlossary();
  const box = html("div", { class: "tooltip explained", role: "tooltip", id: "explained", hidden: true });
  document.body.append(box);
  /** @type {Explained} */
  const shown = { box, at: null };
  const over = (/** @type {Event} */ event) => explain(shown, words, termAt(event));
  document.addEventListener("pointerover", (event) => {
    if (event.pointerType !== "touch" && !inside(box, event.target)) over(event);
  });
  document.addEventListener("focusin", over);
  document.addEventListener("focusout", () => explain(shown, words, null));
  document.addEventListener("click", over);
  document.addEventListener("scroll", () => explain(shown, words, null), { passive: true, capture: true });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || shown.at === null) return;
    event.preventDefault();
    explain(shown, words, null);
  });
}

/** What each word means; the glossary came with the page. @returns {Map<string, string>} */
function readGlossary() {
  const { content } = /** @type {HTMLTemplateElement} */ (find("#words"));
  return new Map(
    [.../** @type {NodeListOf<HTMLElement>} */ (content.querySelectorAll("dt[data-word]"))].map((name) => [
      name.dataset.word ?? "",
      (name.nextElementSibling?.textContent ?? "").replace(/\s+/g, " ").trim(),
    ]),
  );
}

/** @param {Event} event @returns {HTMLElement | null} */
const termAt = ({ target }) => (target instanceof Element ? target.closest("button[data-term]") : null);

/** @param {HTMLElement} box @param {EventTarget | null} target */
const inside = (box, target) => target instanceof Node && box.contains(target);

/** @param {Explained} shown @param {Map<string, string>} words @param {HTMLElement | null} word */
function explain(shown, words, word) {
  const { box } = shown;
  if (word === shown.at) return;
  shown.at?.removeAttribute("aria-describedby");
  shown.at = word;
  box.hidden = word === null;
  if (word === null) return;
  const name = word.dataset.term ?? "";
  word.setAttribute("aria-describedby", box.id);
  box.replaceChildren(html("strong", {}, name), html("div", {}, words.get(name) ?? ""));
  const at = word.getBoundingClientRect();
  const { width, height } = box.getBoundingClientRect();
  const below = at.bottom + AWAY_PX + height < window.innerHeight;
  box.style.left = `${Math.max(8, Math.min(at.left, window.innerWidth - width - 8))}px`;
  box.style.top = `${below ? at.bottom + AWAY_PX : Math.max(8, at.top - AWAY_PX - height)}px`;
}
