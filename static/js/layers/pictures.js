// Pictures of what one sees: Plotly panels through Plotly, the arcs by taking our own SVG out of the page.

import { pictureOf } from "../plotly.js";

const SCALE = 3;
const FONT = "system-ui, sans-serif";

/**
 * A stand-alone SVG of a drawing in the page, with the panel's background and a caption below.
 * @param {SVGSVGElement} drawing
 * @param {Theme} theme
 * @param {string} caption
 * @returns {{text: string, width: number, height: number}}
 */
export function standalone(drawing, theme, caption) {
  const { width, height: inner } = drawing.getBoundingClientRect();
  const height = inner + 20;
  const copy = /** @type {SVGSVGElement} */ (drawing.cloneNode(true));
  const namespace = "http://www.w3.org/2000/svg";
  for (const [name, value] of Object.entries({ xmlns: namespace, width, height, viewBox: `0 0 ${width} ${height}`, "font-family": FONT })) copy.setAttribute(name, String(value));
  const ground = document.createElementNS(namespace, "rect");
  for (const [name, value] of Object.entries({ width, height, fill: theme.panel })) ground.setAttribute(name, String(value));
  const line = document.createElementNS(namespace, "text");
  for (const [name, value] of Object.entries({ x: 8, y: height - 6, "font-size": 10, fill: theme.muted })) line.setAttribute(name, String(value));
  line.textContent = caption;
  copy.prepend(ground);
  copy.append(line);
  return { text: new XMLSerializer().serializeToString(copy), width, height };
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
  return new Promise((resolve, reject) => canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("the picture is too large"))), "image/png"));
}

/**
 * @param {HTMLElement} plot
 * @param {"png" | "svg"} format
 * @returns {Promise<Blob>}
 */
export async function plotBlob(plot, format) {
  const url = await pictureOf(plot, format);
  if (format === "svg") return new Blob([decodeURIComponent(url.slice(url.indexOf(",") + 1))], { type: "image/svg+xml" });
  const bytes = Uint8Array.from(atob(url.slice(url.indexOf(",") + 1)), (letter) => letter.charCodeAt(0));
  return new Blob([bytes], { type: "image/png" });
}
