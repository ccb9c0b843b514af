// One panel over the whole window, and back again; Esc returns, and the focus is where it was. Strip, arcs and
// gradients share one time axis, so they grow together, the asked-for part most. Everything behind cannot be reached
// meanwhile.

/** @type {{card: HTMLElement, part: HTMLElement, back: Element | null, behind: Element[], place: number} | null} */
let grown = null;

export const isMaximised = () => grown !== null;

/** @param {HTMLElement} part the panel */
export function maximise(part) {
  restore();
  const card = /** @type {HTMLElement} */ (part.closest("#story") ?? part);
  grown = { card, part, back: document.activeElement, behind: outside(card), place: window.scrollY };
  for (const element of grown.behind) element.setAttribute("inert", "");
  document.body.classList.add("grown");
  card.classList.add("maximised");
  part.dataset.maximised = "";
}

export function restore() {
  if (!grown) return;
  const { card, part, back, behind, place } = grown;
  grown = null;
  for (const element of behind) element.removeAttribute("inert");
  document.body.classList.remove("grown");
  card.classList.remove("maximised");
  delete part.dataset.maximised;
  window.scrollTo(0, place);
  if (back instanceof HTMLElement || back instanceof SVGElement) back.focus({ preventScroll: true });
}

/** What is neither in the card nor around it; dialogs, pop-ups and the tour stay in reach. @param {HTMLElement} card */
function outside(card) {
  const found = [];
  for (let one = /** @type {Element} */ (card); one !== document.body && one.parentElement; one = one.parentElement) {
    for (const sibling of one.parentElement.children) {
      if (sibling !== one && !sibling.matches("dialog, [popover], [role=dialog], .tooltip, script, [inert]"))
        found.push(sibling);
    }
  }
  return found;
}
