// The picture of a figure: at its true size where the window is wide enough, with its size in words; dimmed while what
// is asked for now is refused.

import { find } from "../../draw/layers/dom.js";

/** CSS pixels of an inch. */
const INCH_PX = 96;
const DPI = 110;
/** Beyond this a finer screen shows nothing more of a preview. */
const FINEST = 2;

/** Of fields that cannot be read each says so itself; this is what the picture is meanwhile. */
const EARLIER = "The picture is of the settings before: mend what is marked.";
const LATER = "A picture comes once what is marked can be read.";

/** @typedef {import("./panel.js").Question} Question */

/**
 * Inches as people read them: no more digits than a picture of so few dots can tell.
 * @param {number} wide as asked for @param {{width: number, height: number}} dots @param {number} dpi
 */
export function sizeWords(wide, { width, height }, dpi) {
  const measured = width / dpi;
  // A picture has whole dots: up to one of them is missing.
  const told = Math.abs(measured - wide) < 1.5 / dpi ? wide : Number(measured.toFixed(2));
  return `${told} × ${Number((height / dpi).toFixed(1))} in`;
}

/**
 * @param {HTMLElement} root
 * @returns {{dpi: number, root: HTMLElement, image: HTMLImageElement, measured: HTMLElement, pictured: Question | null,
 *   dots: {width: number, height: number}}} `pictured` is what the picture answers
 */
function partsOf(root) {
  const dpi = Math.round(DPI * Math.min(Math.max(window.devicePixelRatio || 1, 1), FINEST));
  const image = /** @type {HTMLImageElement} */ (find("img", root));
  return { dpi, root, image, measured: find(".measured", root), pictured: null, dots: { width: 1, height: 1 } };
}

/** @param {HTMLElement} root */
export function createPreview(root) {
  const shown = partsOf(root);
  const [progress, refusal] = [".progress", ".refusal"].map((name) => find(name, root));
  new ResizeObserver(() => saySize(shown)).observe(shown.image);
  const turn = (/** @type {string} */ state, /** @type {string} */ now, /** @type {string} */ why) => {
    root.dataset.state = state;
    progress.textContent = now;
    if (refusal.textContent !== why) refusal.textContent = why;
  };
  return {
    dpi: () => shown.dpi,
    has: (/** @type {string} */ url) => shown.pictured?.url === url,
    ground: (/** @type {boolean} */ clear) => void root.toggleAttribute("data-clear", clear),
    wait: () => turn("waiting", "drawing …", ""),
    settle: () => turn("shown", "", ""),
    refuse: (/** @type {string} */ why) => turn("refused", "", why || (shown.pictured ? EARLIER : LATER)),
    clear() {
      shown.pictured = null;
      shown.image.hidden = true;
      shown.measured.textContent = "";
      turn("empty", "", "");
    },
    /** @param {HTMLImageElement} picture @param {Question} question */
    show(picture, question) {
      shown.pictured = question;
      put(shown, picture);
      turn("shown", "", "");
      saySize(shown);
    },
  };
}

/** @param {ReturnType<typeof partsOf>} shown @param {HTMLImageElement} picture */
function put(shown, picture) {
  const { image, dpi } = shown;
  if (image.src) URL.revokeObjectURL(image.src);
  image.src = picture.src;
  shown.dots = { width: picture.naturalWidth, height: picture.naturalHeight };
  image.style.setProperty("--wide", `${(shown.dots.width / dpi) * INCH_PX}px`);
  image.style.setProperty("--ratio", String(shown.dots.width / shown.dots.height));
  image.hidden = false;
}

/** @param {ReturnType<typeof partsOf>} shown */
function saySize({ image, measured, pictured, dots, dpi }) {
  if (!pictured || image.hidden) return;
  const percent = Math.round((100 * image.getBoundingClientRect().width * dpi) / (dots.width * INCH_PX));
  const size = sizeWords(pictured.width, dots, dpi);
  measured.textContent = percent > 0 && percent < 99 ? `${size}, shown at ${percent} %` : size;
  image.alt = `Preview of the figure, ${size}`;
}

/**
 * A picture that can be shown at once.
 * @param {Blob} blob @returns {Promise<HTMLImageElement>}
 */
export async function pictureIn(blob) {
  const picture = new Image();
  picture.src = URL.createObjectURL(blob);
  await picture.decode();
  return picture;
}
