// The overlay as a file: a picture in light colours with its legend in itself, or its numbers.

import { bytesOf } from "../../../draw/layers/pictures.js";
import { pictureOf } from "../../../draw/plotly.js";
import { send } from "../../../wire/api.js";
import { overlayCsv } from "./csv.js";
import { overlayFigure } from "./figure.js";
import { paperPalette } from "./palette_layer.js";
import { paperUrl } from "./paper.js";

const SIZE = { width: 900, height: 560 };

/**
 * @param {"png" | "svg" | "csv" | "pdf"} format pdf is the server's figure for a paper
 * @param {import("../curves/chart.js").Chart} chart @param {Table.Overlay} overlay
 * @param {string[]} caption @param {Theme} theme
 * @returns {Promise<Blob>}
 */
export async function overlayFile(format, chart, overlay, caption, theme) {
  if (format === "pdf") return (await send("GET", paperUrl(chart, overlay), "application/pdf")).blob();
  if (format === "csv") return new Blob([overlayCsv(chart, overlay, caption)], { type: "text/csv" });
  const look = paperPalette();
  const figure = /** @type {import("../../../draw/plotly.js").Drawn} */ (
    overlayFigure(chart, overlay, look, SIZE, true)
  );
  const paper = { ...theme, panel: look.panel, muted: look.muted };
  const layers = { under: null, over: null, pixels: null };
  const url = await pictureOf(figure, format, { ...layers, caption: caption.join(" · "), theme: paper });
  return bytesOf(url, format);
}
