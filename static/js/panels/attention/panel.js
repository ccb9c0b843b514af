// Panel 4: the attention heatmap. Live: pixels on a canvas, the cheap way. Standing: a real heatmap with hover.

import { attentionFigure } from "./figure.js";
import { attentionGrid, cellWords, foldsOf } from "./grid.js";
import { nextCell } from "./cell_keys.js";
import { find, markPanel, whenChanged } from "../../draw/layers/dom.js";
import { cellPlaces, createPixels, drawOverlay, placePixels } from "./layer.js";
import { onPointer } from "../../draw/layers/pointer.js";
import { sizeOf } from "../../draw/layers/size.js";
import { grouped } from "../../draw/numbers.js";
import { draw, plotlyReady } from "../../draw/plotly.js";
import { chosenStep } from "../../state/selectors.js";
import { picture, story } from "../../state/shown.js";
import { compared } from "../../state/selectors/comparison.js";
import { LONG, stepSpan } from "../../state/selectors/span.js";
import { createAttentionHead } from "./head_panel.js";
import { createVariant } from "./variant_panel.js";

const MARGIN = { l: 46, r: 54, t: 6, b: 38 };

/**
 * @param {Store} store
 * @param {() => Theme} theme
 * @param {ReturnType<typeof import("../../draw/layers/tooltip.js").createTooltip>} tooltip
 * @param {ReturnType<typeof import("../../drivers/commands.js").createCommands>} commands
 * @returns {import("../../draw/painter.js").Panel}
 */
export function createAttention(store, theme, tooltip, commands) {
  const root = find("[data-testid=attention]");
  const plot = find(".plot", root);
  const layers = [find("svg.under", root), find("svg.over", root)];
  const canvas = /** @type {HTMLCanvasElement} */ (find("canvas.pixels", root));
  const pixels = createPixels(canvas);
  const head = createAttentionHead(store, root);
  const variant = createVariant(store, commands, root);
  const pixelsChanged = whenChanged();
  const overChanged = whenChanged();
  /** @type {{grid: import("./grid.js").AttentionGrid, places: ReturnType<typeof cellPlaces> & {width: number, height: number}, trace: Trace} | null} */
  let shown = null;
  /** What Plotly last drew @type {{trace: Trace, live: boolean, frame: unknown[]} | null} */
  let drawn = null;

  onPointer(find(".stage", root), {
    click(x, y) {
      const cell = shown?.places.at(x, y);
      if (!shown || !cell) return;
      const memory = cell.column === null ? null : shown.grid.sources[cell.column];
      store.dispatch({
        type: "view/step",
        step: cell.row,
        memory: memory !== null && memory < cell.row ? memory : null,
      });
    },
    move(x, y) {
      const cell = shown?.places.at(x, y);
      if (cell) store.dispatch({ type: "view/hover", step: cell.row });
      // Plotly speaks for what it drew; nobody but us knows what the pixels are.
      const words = shown && cell && !canvas.hidden ? cellWords(shown.trace, shown.grid, cell) : [];
      if (words.length === 0) return tooltip.hide();
      const box = plot.getBoundingClientRect();
      tooltip.show(words, box.left + x, box.top + y);
    },
    brush([, from], [, to]) {
      if (shown) store.dispatch({ type: "kept/range", range: [shown.places.row(from), shown.places.row(to)] });
    },
    leave() {
      tooltip.hide();
      store.dispatch({ type: "view/hover", step: null });
    },
  });
  root.addEventListener("keydown", (event) => moveCell(store, shown, event));

  return {
    every: 0,
    paint(state) {
      const { trace: own, state: freshness } = picture(state);
      const ready = plotlyReady();
      if (!own) return markPanel(root, { state: freshness, note: freshness === "empty" ? "No snapshot yet." : "" });
      const { trace, message } = compared(state, own);
      const step = chosenStep(state, story(state).trace);
      const span = stepSpan(state.span, step, trace.steps);
      markPanel(root, {
        update: own.update,
        state: ready ? freshness : "loading",
        note: note(own, span, state, ready),
      });
      head(state, message);
      variant(state, own);
      const { width, height } = sizeOf(plot);
      if (width <= MARGIN.l + MARGIN.r || height <= MARGIN.t + MARGIN.b) return;
      const live = own.steps > LONG || (state.follow && state.run?.status === "running" && state.live === own);
      if (!shown || shown.trace !== trace || frameIsNew(shown, span, width, height)) {
        const grid = attentionGrid(trace, shown?.grid, span);
        const same = shown && shown.grid === grid && !frameIsNew(shown, span, width, height);
        shown = {
          grid,
          trace,
          places:
            same && shown
              ? shown.places
              : Object.assign(cellPlaces(grid, { width, height, margin: MARGIN }), { width, height }),
        };
      }
      paintPlot(trace, shown.grid, { width, height, live, ready, preview: freshness === "preview" });
      const {
        pins,
        range,
        choice: { memory },
      } = state;
      if (overChanged(shown.places, shown.grid, step, memory, pins, range, theme())) {
        const { under, over } = drawOverlay(shown.grid, shown.places, { step, memory, pins, range }, theme());
        layers.forEach((layer) => layer.setAttribute("viewBox", `0 0 ${width} ${height}`));
        layers[0].replaceChildren(...under);
        layers[1].replaceChildren(...over);
      }
    },
  };

  /**
   * A live picture, a long sequence and the preview of a knob are pixels on the canvas; Plotly draws axes, and what stands still.
   * @param {Trace} trace @param {import("./grid.js").AttentionGrid} grid
   * @param {{width: number, height: number, live: boolean, ready: boolean, preview: boolean}} how
   */
  function paintPlot(trace, grid, { width, height, live, ready, preview }) {
    if (!ready) return;
    const look = theme();
    const frame = [width, height, look, grid];
    const sameFrame = drawn !== null && frame.every((part, index) => part === drawn?.frame[index]);
    const quick = preview && sameFrame;
    canvas.hidden = !live && !quick;
    plot.classList.toggle("behind", quick);
    if (!canvas.hidden && pixelsChanged(trace, look, grid)) pixels(trace, grid, look);
    if (quick || (sameFrame && drawn?.live === live && (live || drawn.trace === trace))) return;
    drawn = { trace, live, frame };
    placePixels(canvas, { width, height, margin: MARGIN });
    draw(plot, attentionFigure(trace, grid, look, { width, height, live, margin: MARGIN }));
  }
}

/** @param {{grid: import("./grid.js").AttentionGrid, places: {width: number, height: number}}} shown @param {StepSpan} span @param {number} width @param {number} height */
const frameIsNew = ({ grid, places }, { from, to }, width, height) =>
  places.width !== width || places.height !== height || grid.from !== from || grid.rows !== to - from;

/** @param {Trace} trace @param {StepSpan} span @param {State} state @param {boolean} ready */
function note(trace, span, state, ready) {
  if (!ready) return "drawing …";
  if (state.target?.kind === "run" && trace.run !== state.target.id)
    return `This is still the earlier picture; update ${grouped(trace.update)}.`;
  if (trace.parameters.k_top === 0) return "nothing is read";
  const { down, across } = foldsOf(trace, span);
  if (down * across > 1) return `a cell is ${down} step${down > 1 ? "s" : ""} × ${across} memories: its largest weight`;
  return "";
}

/**
 * One tab stop; keys move the chosen cell, Enter pins its step.
 * @param {Store} store @param {{grid: import("./grid.js").AttentionGrid, trace: Trace} | null} shown @param {KeyboardEvent} event
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
