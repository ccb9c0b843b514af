// Panel 4: the attention heatmap. Live: pixels on a canvas, the cheap way. Standing: a real heatmap with hover.

import { attentionFigure } from "./figure.js";
import { attentionGrid, cellWords, foldsOf } from "./grid.js";
import { nextCell } from "./cell_keys.js";
import { find, markPanel, whenChanged } from "../../draw/layers/dom.js";
import { cellPlaces, createPixels, drawOverlay, placePixels } from "./layer.js";
import { onPointer } from "../../draw/layers/pointer.js";
import { sizeOf } from "../../draw/layers/size.js";
import { nothingRead } from "../../draw/figures/methods.js";
import { counted, grouped } from "../../draw/numbers.js";
import { draw, plotlyReady } from "../../draw/plotly.js";
import { chosenStep } from "../../state/selectors.js";
import { picture, story } from "../../state/shown.js";
import { compared } from "../../state/selectors/comparison.js";
import { LONG, stepSpan } from "../../state/selectors/span.js";
import { createAttentionHead } from "./head_panel.js";
import { createVariant } from "./variant_panel.js";

const MARGIN = { l: 46, r: 54, t: 6, b: 38 };

/**
 * @typedef {ReturnType<typeof cellPlaces> & {width: number, height: number}} Places
 * @typedef {{grid: import("./grid.js").AttentionGrid, places: Places, trace: Trace}} Shown
 * @typedef {ReturnType<typeof attentionParts>} Parts
 */

/**
 * @param {Store} store
 * @param {() => Theme} theme
 * @param {ReturnType<typeof import("../../draw/layers/tooltip.js").createTooltip>} tooltip
 * @param {ReturnType<typeof import("../../drivers/commands.js").createCommands>} commands
 * @returns {import("../../draw/painter.js").Panel}
 */
export function createAttention(store, theme, tooltip, commands) {
  const parts = attentionParts();
  const { root, plot } = parts;
  const head = createAttentionHead(store, root);
  const variant = createVariant(store, commands, root);
  listen(store, parts, tooltip);
  return {
    every: 0,
    paint(state) {
      const { trace: own, state: freshness } = picture(state);
      const ready = plotlyReady();
      if (!own) return markPanel(root, { state: freshness, note: freshness === "empty" ? "No snapshot yet." : "" });
      const { trace, message } = compared(state, own);
      const step = chosenStep(state, story(state).trace);
      const span = stepSpan(state.span, step, trace.steps);
      const words = note(own, span, state, ready);
      markPanel(root, { update: own.update, state: ready ? freshness : "loading", note: words });
      head(state, message);
      variant(state, own);
      const { width, height } = sizeOf(plot);
      if (width <= MARGIN.l + MARGIN.r || height <= MARGIN.t + MARGIN.b) return;
      const live = own.steps > LONG || (state.follow && state.run?.status === "running" && state.live === own);
      const shown = arranged(parts.shown, trace, span, width, height);
      parts.shown = shown;
      if (ready) paintPlot(parts, shown, theme(), { live, preview: freshness === "preview" });
      paintOver(parts, shown, state, step, theme());
    },
  };
}

function attentionParts() {
  const root = find("[data-testid=attention]");
  const canvas = /** @type {HTMLCanvasElement} */ (find("canvas.pixels", root));
  return {
    root,
    canvas,
    plot: find(".plot", root),
    under: find("svg.under", root),
    over: find("svg.over", root),
    pixels: createPixels(canvas),
    pixelsChanged: whenChanged(),
    overChanged: whenChanged(),
    shown: /** @type {Shown | null} */ (null),
    /** What Plotly drew last. */
    drawn: /** @type {{trace: Trace, live: boolean, frame: unknown[]} | null} */ (null),
  };
}

/**
 * @param {Store} store @param {Parts} parts
 * @param {ReturnType<typeof import("../../draw/layers/tooltip.js").createTooltip>} tooltip
 */
function listen(store, parts, tooltip) {
  const cellAt = (/** @type {number} */ x, /** @type {number} */ y) => parts.shown?.places.at(x, y) ?? null;
  onPointer(find(".stage", parts.root), {
    click(x, y) {
      const cell = cellAt(x, y);
      if (!parts.shown || !cell) return;
      const memory = cell.column === null ? null : parts.shown.grid.sources[cell.column];
      const older = memory !== null && memory < cell.row ? memory : null;
      store.dispatch({ type: "view/step", step: cell.row, memory: older });
    },
    move(x, y) {
      const cell = cellAt(x, y);
      if (cell) store.dispatch({ type: "view/hover", step: cell.row });
      // Plotly speaks for what it drew; nobody but us knows what the pixels are.
      const { shown, canvas, plot } = parts;
      const words = shown && cell && !canvas.hidden ? cellWords(shown.trace, shown.grid, cell) : [];
      if (words.length === 0) return tooltip.hide();
      const box = plot.getBoundingClientRect();
      tooltip.show(words, box.left + x, box.top + y);
    },
    brush([, from], [, to]) {
      const { shown } = parts;
      if (shown) store.dispatch({ type: "kept/range", range: [shown.places.row(from), shown.places.row(to)] });
    },
    leave() {
      tooltip.hide();
      store.dispatch({ type: "view/hover", step: null });
    },
  });
  parts.root.addEventListener("keydown", (event) => moveCell(store, parts.shown, event));
}

/**
 * Where the cells are; what is as it was keeps its identity.
 * @param {Shown | null} before @param {Trace} trace @param {StepSpan} span @param {number} width @param {number} height
 * @returns {Shown}
 */
function arranged(before, trace, span, width, height) {
  const moved = !before || frameIsNew(before, span, width, height);
  if (before && before.trace === trace && !moved) return before;
  const grid = attentionGrid(trace, before?.grid, span);
  if (before && before.grid === grid && !moved) return { ...before, trace };
  const places = cellPlaces(grid, { width, height, margin: MARGIN });
  return { grid, trace, places: Object.assign(places, { width, height }) };
}

/** @param {Parts} parts @param {Shown} shown @param {State} state @param {number | null} step @param {Theme} theme */
function paintOver({ under, over, overChanged }, { grid, places }, { pins, range, choice: { memory } }, step, theme) {
  if (!overChanged(places, grid, step, memory, pins, range, theme)) return;
  const drawn = drawOverlay(grid, places, { step, memory, pins, range }, theme);
  for (const layer of [under, over]) layer.setAttribute("viewBox", `0 0 ${places.width} ${places.height}`);
  under.replaceChildren(...drawn.under);
  over.replaceChildren(...drawn.over);
}

/**
 * A live picture, a long sequence and the preview of a knob are pixels on the canvas; Plotly draws axes, and what
 * stands still.
 * @param {Parts} parts @param {Shown} shown @param {Theme} look @param {{live: boolean, preview: boolean}} how
 */
function paintPlot(parts, { trace, grid, places: { width, height } }, look, { live, preview }) {
  const { canvas, plot, pixels, pixelsChanged, drawn } = parts;
  const frame = [width, height, look, grid];
  const sameFrame = drawn !== null && frame.every((part, index) => part === drawn.frame[index]);
  const quick = preview && sameFrame;
  canvas.hidden = !live && !quick;
  plot.classList.toggle("behind", quick);
  if (!canvas.hidden && pixelsChanged(trace, look, grid)) pixels(trace, grid, look);
  if (quick || (sameFrame && drawn.live === live && (live || drawn.trace === trace))) return;
  parts.drawn = { trace, live, frame };
  placePixels(canvas, { width, height, margin: MARGIN });
  draw(plot, attentionFigure(trace, grid, look, { width, height, live, margin: MARGIN }));
}

/**
 * @param {{grid: import("./grid.js").AttentionGrid, places: {width: number, height: number}}} shown
 * @param {StepSpan} span @param {number} width @param {number} height
 */
const frameIsNew = ({ grid, places }, { from, to }, width, height) =>
  places.width !== width || places.height !== height || grid.from !== from || grid.rows !== to - from;

/** @param {Trace} trace @param {StepSpan} span @param {State} state @param {boolean} ready */
function note(trace, span, state, ready) {
  if (!ready) return "drawing …";
  if (state.target?.kind === "run" && trace.run !== state.target.id)
    return `This is still the earlier picture; update ${grouped(trace.update)}.`;
  const nothing = nothingRead(trace);
  if (nothing) return nothing;
  const { down, across } = foldsOf(trace, span);
  if (down * across > 1)
    return `a cell is ${counted(down, "step")} × ${counted(across, "memory", "memories")}: its largest weight`;
  return "";
}

/**
 * One tab stop; keys move the chosen cell, Enter pins its step.
 * @param {Store} store @param {{grid: import("./grid.js").AttentionGrid, trace: Trace} | null} shown
 * @param {KeyboardEvent} event
 */
function moveCell(store, shown, event) {
  if (!shown || event.altKey || event.metaKey || !(event.target instanceof Element) || !event.target.closest(".stage"))
    return;
  const { choice } = store.get();
  const step = choice.step ?? shown.trace.loss_step ?? 0;
  const cell = nextCell(shown.grid, { step, memory: choice.memory }, event);
  if (!cell && event.key !== "Enter") return;
  event.preventDefault();
  event.stopPropagation();
  store.dispatch(cell ? { type: "view/step", ...cell } : { type: "kept/pin", step });
}
