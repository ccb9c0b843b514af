// Clicks and hovers over drawings, by place; a drag or a scroll by touch is not a click.

const STILL_PX = 6;

/**
 * @param {HTMLElement} element
 * @param {{move?: (x: number, y: number, target: EventTarget | null) => void, leave?: () => void, click?: (x: number, y: number, event: PointerEvent) => void,
 *   brush?: (from: [number, number], to: [number, number]) => void}} handlers
 *   places in px from the element's top left corner; `brush` is a drag with Shift held
 */
export function onPointer(element, { move, leave, click, brush }) {
  const place = (/** @type {PointerEvent} */ event) => {
    const box = element.getBoundingClientRect();
    return /** @type {[number, number]} */ ([event.clientX - box.left, event.clientY - box.top]);
  };
  if (move)
    element.addEventListener("pointermove", (event) => move(...place(event), event.target), {
      capture: true,
      passive: true,
    });
  if (leave) element.addEventListener("pointerleave", leave);
  if (!click) return;
  element.addEventListener(
    "pointerdown",
    (down) => {
      if (down.button !== 0 || interactive(down.target)) return;
      const ends = new AbortController();
      const { signal } = ends;
      const from = place(down);
      if (brush && down.shiftKey) {
        window.addEventListener(
          "pointermove",
          (event) => {
            if (Math.hypot(event.clientX - down.clientX, event.clientY - down.clientY) >= STILL_PX)
              brush(from, place(event));
          },
          { signal },
        );
      }
      window.addEventListener("pointercancel", () => ends.abort(), { signal });
      window.addEventListener(
        "pointerup",
        (up) => {
          ends.abort();
          const still = Math.hypot(up.clientX - down.clientX, up.clientY - down.clientY) < STILL_PX;
          if (still) click(...place(up), up);
        },
        { signal },
      );
    },
    { capture: true },
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
