// What is shown, to take along: pictures as SVG and PNG in light colours, rows as CSV, JSON and Parquet.

import { problemOf, request, send } from "../../wire/api.js";
import { save } from "../../controls/save.js";
import { address } from "../drivers/rows.js";
import { bandFigure } from "../figures/band.js";
import { heatFigure } from "../figures/heat.js";
import { linesFigure } from "../figures/lines.js";
import { paperLook } from "../view/look_layer.js";
import { paperOf, pictureFile } from "../view/files_layer.js";
import { captions, storyWords } from "../words/story.js";
import { bandTitle } from "./band_panel.js";
import { titleOf } from "./heat_panel.js";

const WIDTH = { heat: 760, band: 620, lines: 900 };

/** @typedef {"heat" | "band" | "lines"} Picture */

/**
 * @param {Results.Store} store @param {ReturnType<typeof import("../numbers/view.js").remembered>} viewOf
 */
export function listenToFiles(store, viewOf) {
  document.addEventListener("click", async ({ target }) => {
    const button = target instanceof HTMLElement ? target.closest("button[data-file]") : null;
    if (!(button instanceof HTMLButtonElement)) return;
    store.dispatch({ type: "notice", text: null });
    button.disabled = true;
    try {
      const kind = button.dataset.file ?? "";
      const picture = /** @type {Picture | undefined} */ (button.dataset.picture);
      await (picture ? savePicture(store, viewOf, picture, kind) : saveRows(store.get().group, kind));
    } catch (error) {
      store.dispatch({ type: "notice", text: problemOf(error).detail });
    } finally {
      button.disabled = false;
    }
  });
}

/** @param {string} group @param {string} kind csv, json or parquet */
async function saveRows(group, kind) {
  const name = `sab-${group}.${kind}`;
  if (kind === "json") {
    const whole = /** @type {Wire.GroupResults} */ (await request("GET", address(group)));
    return save(new Blob([JSON.stringify(whole, null, 1)], { type: "application/json" }), name);
  }
  const answer = await send("GET", `${address(group)}?format=${kind}`, "*/*");
  return save(await answer.blob(), name);
}

/**
 * @param {Results.Store} store @param {ReturnType<typeof import("../numbers/view.js").remembered>} viewOf
 * @param {Picture} picture @param {string} kind
 */
async function savePicture(store, viewOf, picture, kind) {
  const { results, choice, group } = store.get();
  if (!results) return;
  const view = viewOf(results, choice);
  const look = paperLook();
  const width = WIDTH[picture];
  const figure =
    picture === "heat"
      ? heatFigure(view, look, width, { group, chosen: null })
      : picture === "band"
        ? bandFigure(view, look, width)
        : linesFigure(view, look, width);
  const title = { heat: titleOf(view), band: bandTitle(view), lines: `settings and ${view.metric.name}` }[picture];
  const { headline, answer } = storyWords(view);
  const caption = `${captions(view)[picture]} ${headline}. ${answer}`;
  const paper = paperOf(figure, { title: `${results.name}: ${title}`, caption }, look);
  save(await pictureFile(paper, kind === "svg" ? "svg" : "png"), `sab-${group}-${picture}.${kind}`);
}
