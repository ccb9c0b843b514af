// The only file that touches the Plotly global. Loaded after the first picture, because it is 4.8 MB.

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
 * The cheap way to a new picture: only the image layer changes.
 * @param {HTMLElement} element
 * @param {any[]} images
 */
export function setImages(element, images) {
  return api?.relayout(element, { images });
}

/**
 * @param {HTMLElement} element
 * @param {"png" | "svg"} format
 * @returns {Promise<string>} data URL
 */
export function pictureOf(element, format) {
  if (!api) return Promise.reject(new Error("the drawing library is still loading; try again in a moment"));
  const { width, height } = element.getBoundingClientRect();
  return api.toImage(element, { format, width, height, scale: format === "png" ? 3 : 1 });
}
