// Pictures of what one sees: Plotly panels through Plotly, the arcs by taking our own SVG out of the page.

import { svg } from "./dom.js";
import { pictureOf } from "../plotly.js";

const CAPTION_PX = 20;
const SCALE = 3;
const FONT = "system-ui, sans-serif";

/**
 * A stand-alone SVG of a drawing in the page, with the panel's background and a caption below.
 * @param {SVGSVGElement} drawing
 * @param {Theme} theme
 * @param {string} caption
 * @param {{width: number, height: number}} size px; for a drawing that is not in the page
 * @returns {{text: string, width: number, height: number}}
 */
export function standalone(drawing, theme, caption, { width, height: inner } = drawing.getBoundingClientRect()) {
  const height = inner + Number(drawing.dataset.printPx ?? 0) + CAPTION_PX;
  const around = [
    svg("rect", { width, height, fill: theme.panel }),
    svg("text", { x: 8, y: height - 6, "font-size": 10, fill: theme.muted }, caption),
  ];
  return { text: serialised(drawing, { width, height }, around), width, height };
}

/**
 * @param {SVGSVGElement} drawing @param {{width: number, height: number}} size px
 * @param {SVGElement[]} around ground and caption
 */
function serialised(drawing, { width, height } = drawing.getBoundingClientRect(), around = []) {
  const copy = /** @type {SVGSVGElement} */ (drawing.cloneNode(true));
  if (drawing.closest("[data-testid=sequence-strip], [data-testid=overview]")) withLook(drawing, copy);
  const look = {
    xmlns: "http://www.w3.org/2000/svg",
    width,
    height,
    viewBox: `0 0 ${width} ${height}`,
    "font-family": FONT,
  };
  for (const [name, value] of Object.entries(look)) copy.setAttribute(name, String(value));
  copy.prepend(...around.slice(0, 1));
  copy.append(...around.slice(1));
  return new XMLSerializer().serializeToString(copy);
}

/**
 * Strip and overview get their look from style sheets, which do not travel: here it is written onto its shapes.
 * @param {Element} from @param {Element} to
 */
function withLook(from, to) {
  const copies = to.querySelectorAll("text, rect, path, line");
  from.querySelectorAll("text, rect, path, line").forEach((shape, index) => {
    const style = getComputedStyle(shape);
    for (const name of [
      "fill",
      "fill-opacity",
      "stroke",
      "stroke-width",
      "stroke-dasharray",
      "font-size",
      "font-family",
      "text-anchor",
    ])
      copies[index].setAttribute(name, style.getPropertyValue(name));
    copies[index].removeAttribute("style");
  });
}

/**
 * @param {{text: string, width: number, height: number}} picture
 * @returns {Promise<Blob>} PNG at three times the size
 */
export async function rasterise({ text, width, height }) {
  const image = new Image(width, height);
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width * SCALE, height * SCALE];
  const pen = canvas.getContext("2d");
  pen?.scale(SCALE, SCALE);
  pen?.drawImage(image, 0, 0, width, height);
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("the picture is too large"))), "image/png"),
  );
}

/**
 * @param {HTMLElement} panel holds the plot and, maybe, our own layer over it
 * @param {"png" | "svg"} format
 * @param {Theme} theme
 * @param {string} caption
 * @returns {Promise<Blob>}
 */
export async function plotBlob(panel, format, theme, caption) {
  const [under, over] = ["under", "over"].map((name) => {
    const layer = /** @type {SVGSVGElement | null} */ (panel.querySelector(`svg.${name}`));
    return layer && `data:image/svg+xml;charset=utf-8,${encodeURIComponent(serialised(layer))}`;
  });
  const canvas = /** @type {HTMLCanvasElement | null} */ (panel.querySelector("canvas.pixels:not([hidden])"));
  const pixels = canvas && enlarged(canvas);
  const url = await pictureOf(/** @type {HTMLElement} */ (panel.querySelector(".plot")), format, {
    under,
    over,
    pixels,
    caption,
    theme,
  });
  return bytesOf(url, format);
}

/** A picture that the drawing library gave, as bytes. @param {string} url its data @param {"png" | "svg"} format */
export function bytesOf(url, format) {
  const text = url.slice(url.indexOf(",") + 1);
  if (format === "svg") return new Blob([decodeURIComponent(text)], { type: "image/svg+xml" });
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  return new Blob([bytes], { type: "image/png" });
}

/** Pixels as they look in the page: squares, not a blur. @param {HTMLCanvasElement} canvas */
function enlarged(canvas) {
  const { width, height } = canvas.getBoundingClientRect();
  const large = document.createElement("canvas");
  [large.width, large.height] = [width * SCALE, height * SCALE];
  const pen = large.getContext("2d");
  if (pen) pen.imageSmoothingEnabled = false;
  pen?.drawImage(canvas, 0, 0, large.width, large.height);
  return large.toDataURL();
}
