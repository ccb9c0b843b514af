// The only file that touches the Plotly global. Loaded after the first picture, because it is 4.8 MB.

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
 * The plot as one sees it: our own layer on top, a caption below.
 * @param {HTMLElement} element
 * @param {"png" | "svg"} format
 * @param {{under: string | null, over: string | null, pixels: string | null, caption: string, theme: Theme}} more the layers are data URLs of the size of the plot, pixels one of the size of its inside
 * @returns {Promise<string>} data URL
 */
export function pictureOf(element, format, { under, over, pixels, caption, theme }) {
  if (!api) return Promise.reject(new Error("the drawing library is still loading; try again in a moment"));
  const { data, layout } = /** @type {PlottedElement} */ (element);
  const { width, height, margin } = layout;
  const inner = { width: width - margin.l - margin.r, height: height - margin.t - margin.b };
  const corner = /** @type {const} */ ({ xref: "paper", yref: "paper", xanchor: "left", x: -margin.l / inner.width });
  /** @type {(source: string | null, depth: PlotImage["layer"]) => PlotImage[]} */
  const layer = (source, depth) =>
    source
      ? [
          {
            ...corner,
            source,
            yanchor: "top",
            y: 1 + margin.t / inner.height,
            sizex: width / inner.width,
            sizey: height / inner.height,
            sizing: "stretch",
            layer: depth,
          },
        ]
      : [];
  /** @type {PlotImage[]} */
  const inside = pixels
    ? [
        {
          source: pixels,
          xref: "paper",
          yref: "paper",
          xanchor: "left",
          yanchor: "top",
          x: 0,
          y: 1,
          sizex: 1,
          sizey: 1,
          sizing: "stretch",
          layer: "below",
        },
      ]
    : [];
  const lines = folded(caption, Math.floor(width / LETTER_PX));
  const room = 8 + 13 * lines.length;
  /** @type {PlotAnnotation} */
  const line = {
    ...corner,
    text: lines.map(escaped).join("<br>"),
    yanchor: "top",
    y: -margin.b / inner.height,
    xshift: 6,
    showarrow: false,
    align: "left",
    font: { size: 10, color: theme.muted },
  };
  const whole = {
    ...layout,
    height: height + room,
    margin: { ...margin, b: margin.b + room },
    paper_bgcolor: theme.panel,
    images: [...layer(under, "below"), ...inside, ...layer(over, "above")],
    annotations: [...(layout.annotations ?? []), line],
  };
  return api.toImage(
    { data, layout: whole },
    { format, width, height: height + room, scale: format === "png" ? 3 : 1 },
  );
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

/** Plotly reads a little HTML in its texts; a name that a person typed has none. @param {string} text */
const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
