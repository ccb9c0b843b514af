// The only file that touches the Plotly global. Loaded after the first picture, because it is 4.8 MB.

import { escaped } from "./figures/escaped.js";

const LETTER_PX = 6.2;
/** @type {PlotConfig} */
const CONFIG = { displayModeBar: false, responsive: false, showTips: false, doubleClick: false };
/** @type {PlotlyApi | null} */
let api = null;
/** @type {Promise<void> | null} */
let loading = null;

/** Whether figures can be drawn now. */
export const plotlyReady = () => api !== null;

/**
 * @param {string} url of plotly.min.js, on this server
 * @returns {Promise<void>} rejected when the file cannot be had
 */
export function loadPlotly(url) {
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = url;
    script.onload = () => {
      api = window.Plotly ?? null;
      if (api) resolve();
      else reject(new Error("plotly.min.js came without Plotly"));
    };
    script.onerror = () => reject(new Error("plotly.min.js could not be loaded"));
    document.head.append(script);
  });
  return loading;
}

/** @param {HTMLElement} element @param {Figure} figure */
export function draw(element, figure) {
  return api?.react(element, figure.data, figure.layout, CONFIG);
}

/**
 * @typedef {Pick<PlottedElement, "data" | "layout">} Drawn what Plotly drew, or is to draw
 * @typedef {{under: string | null, over: string | null, pixels: string | null}} Layers
 *   data URLs: two of the size of the plot, and pixels of the size of its inside
 */

/**
 * The plot as one sees it: our own layer on top, a caption below.
 * @param {HTMLElement | Drawn} element
 * @param {"png" | "svg"} format
 * @param {Layers & {caption: string, theme: Theme}} more
 * @returns {Promise<string>} data URL
 */
export function pictureOf(element, format, { caption, theme, ...layers }) {
  if (!api) return Promise.reject(new Error("the drawing library is still loading; try again in a moment"));
  const { data, layout } = /** @type {Drawn} */ (element);
  const { width, height, margin } = layout;
  const lines = folded(caption, Math.floor(width / LETTER_PX));
  const room = 8 + 13 * lines.length;
  const whole = {
    ...layout,
    height: height + room,
    margin: { ...margin, b: margin.b + room },
    paper_bgcolor: theme.panel,
    images: imagesOf(layers, layout),
    annotations: [...(layout.annotations ?? []), captionOf(lines, layout, theme)],
  };
  return api.toImage(
    { data, layout: whole },
    { format, width, height: height + room, scale: format === "png" ? 3 : 1 },
  );
}

/** @typedef {PlottedElement["layout"]} Layout */

/** In units of the inside of the plot, as Plotly's paper coordinates want it. @param {Layout} layout */
function insideOf({ width, height, margin }) {
  const inner = { width: width - margin.l - margin.r, height: height - margin.t - margin.b };
  const corner = /** @type {const} */ ({ xref: "paper", yref: "paper", xanchor: "left", x: -margin.l / inner.width });
  return { inner, corner };
}

/** @param {Layers} layers @param {Layout} layout @returns {PlotImage[]} */
function imagesOf({ under, over, pixels }, layout) {
  const { inner, corner } = insideOf(layout);
  const whole = {
    ...corner,
    y: 1 + layout.margin.t / inner.height,
    sizex: layout.width / inner.width,
    sizey: layout.height / inner.height,
  };
  const inside = { ...corner, x: 0, y: 1, sizex: 1, sizey: 1 };
  /** @type {[string | null, typeof whole, PlotImage["layer"]][]} */
  const placed = [
    [under, whole, "below"],
    [pixels, inside, "below"],
    [over, whole, "above"],
  ];
  return placed.flatMap(([source, place, layer]) =>
    source ? [{ ...place, source, layer, yanchor: "top", sizing: "stretch" }] : [],
  );
}

/** @param {string[]} lines @param {Layout} layout @param {Theme} theme @returns {PlotAnnotation} */
function captionOf(lines, layout, theme) {
  const { inner, corner } = insideOf(layout);
  return {
    ...corner,
    text: lines.map(escaped).join("<br>"),
    yanchor: "top",
    y: -layout.margin.b / inner.height,
    xshift: 6,
    showarrow: false,
    align: "left",
    font: { size: 10, color: theme.muted },
  };
}

/** @param {string} caption parts between dots @param {number} letters a line holds */
function folded(caption, letters) {
  const lines = [""];
  for (const part of caption.split(" · ")) {
    const longer = lines[lines.length - 1] ? `${lines[lines.length - 1]} · ${part}` : part;
    if (longer.length <= letters || !lines[lines.length - 1]) lines[lines.length - 1] = longer;
    else lines.push(part);
  }
  return lines;
}
