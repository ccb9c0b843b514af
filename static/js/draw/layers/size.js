// Sizes of drawings, kept up to date by one observer, so that painting never forces a layout.

/** @type {Map<Element, {width: number, height: number}>} */
const sizes = new Map();
/** @type {() => void} */
let onChange = () => {};
/** @type {ResizeObserver | null} */
let observer = null;

/** @param {ResizeObserverEntry[]} entries */
function renew(entries) {
  for (const { target, contentRect } of entries)
    sizes.set(target, { width: Math.round(contentRect.width), height: Math.round(contentRect.height) });
  onChange();
}

/** Reads all sizes at once, as before a page is printed, which waits for no observer. */
export function measureAnew() {
  for (const element of sizes.keys()) sizes.set(element, { width: element.clientWidth, height: element.clientHeight });
}

/** Calls back after any size changed. @param {() => void} listener */
export function onResize(listener) {
  onChange = listener;
}

/**
 * Size of an element's content, px; observed from the first call on.
 * @param {Element} element
 */
export function sizeOf(element) {
  const known = sizes.get(element);
  if (known) return known;
  const now = { width: element.clientWidth, height: element.clientHeight };
  sizes.set(element, now);
  observer ??= new ResizeObserver(renew);
  observer.observe(element);
  return now;
}
