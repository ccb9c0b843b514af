// Clicks and hovers over drawings, by place; a drag or a scroll by touch is not a click.

const STILL_PX = 6;

/**
 * @typedef {[number, number]} Place in px from the element's top left corner
 * @typedef {{move?: (x: number, y: number, target: EventTarget | null) => void, leave?: () => void,
 *   click?: (x: number, y: number, event: PointerEvent) => void,
 *   brush?: (from: Place, to: Place) => void}} Handlers `brush` is a drag with Shift held
 */

/** @param {HTMLElement} element @param {Handlers} handlers */
export function onPointer(element, { move, leave, click, brush }) {
  if (move)
    element.addEventListener("pointermove", (event) => move(...placeIn(element, event), event.target), {
      capture: true,
      passive: true,
    });
  if (leave) element.addEventListener("pointerleave", leave);
  if (!click) return;
  element.addEventListener(
    "pointerdown",
    (down) => {
      if (down.button === 0 && !interactive(down.target)) press(element, down, click, brush);
    },
    { capture: true },
  );
}

/** @param {HTMLElement} element @param {PointerEvent} event @returns {Place} */
function placeIn(element, event) {
  const box = element.getBoundingClientRect();
  return [event.clientX - box.left, event.clientY - box.top];
}

/**
 * From the button going down to its going up.
 * @param {HTMLElement} element @param {PointerEvent} down
 * @param {NonNullable<Handlers["click"]>} click @param {Handlers["brush"]} brush
 */
function press(element, down, click, brush) {
  const ends = new AbortController();
  const { signal } = ends;
  const from = placeIn(element, down);
  const moved = (/** @type {PointerEvent} */ event) =>
    Math.hypot(event.clientX - down.clientX, event.clientY - down.clientY) >= STILL_PX;
  if (brush && down.shiftKey)
    window.addEventListener("pointermove", (event) => moved(event) && brush(from, placeIn(element, event)), { signal });
  window.addEventListener("pointercancel", () => ends.abort(), { signal });
  window.addEventListener(
    "pointerup",
    (up) => {
      ends.abort();
      if (!moved(up)) click(...placeIn(element, up), up);
    },
    { signal },
  );
}

/** @param {EventTarget | null} target */
function interactive(target) {
  return (
    target instanceof Element &&
    target.closest(
      "button, input, select, a, [data-arc], .panel-head, .panel-foot, .twin, .twin-words, .paths-bar, .knocked-out",
    ) !== null
  );
}
