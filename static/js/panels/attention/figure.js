// The attention heatmap, query × memory, for Plotly: as a real heatmap trace when it stands, as axes around the canvas
// of pixels while a run is live. Pure. The cells themselves: grid.js.

import { memoryName } from "./grid.js";
import { attentionLook } from "./look.js";

const TICKS = 8;

/** @typedef {import("./grid.js").AttentionGrid} AttentionGrid */

/** @param {Trace} trace @param {AttentionGrid} grid @returns {(number | null)[][]} null where nothing is read */
export function attentionMatrix(trace, grid) {
  const rows = Array.from(
    { length: grid.rows },
    () => /** @type {(number | null)[]} */ (Array(grid.columns).fill(null)),
  );
  const { reader, source, weight } = trace.attention;
  for (let index = 0; index < reader.length; index += 1) {
    const column = grid.column.get(source[index]);
    const row = rows[reader[index] - grid.from];
    if (row && column !== undefined && weight[index] !== 0) row[column] = weight[index];
  }
  return rows;
}

/**
 * Data and layout for Plotly. A live figure has an empty scatter for the colour bar; its picture is the canvas below
 * it.
 * @param {Trace} trace
 * @param {AttentionGrid} grid
 * @param {Theme} theme
 * @param {{width: number, height: number, live: boolean, margin: PlotMargin}} frame
 * @returns {Figure}
 */
export function attentionFigure(trace, grid, theme, { width, height, live, margin }) {
  const look = attentionLook(trace, theme);
  const data = live ? emptyScatter(look) : cellTrace(trace, grid, look);
  return { data: [data], layout: layout(grid, theme, width, height, margin) };
}

/** @param {import("./look.js").AttentionLook} look @returns {PlotColorBar} */
const colourBar = ({ ticks, title }) => ({
  thickness: 8,
  outlinewidth: 0,
  tickvals: ticks,
  len: 1,
  lenmode: "fraction",
  xpad: 6,
  ypad: 7,
  title: { text: title, side: "right" },
});

/** Nothing but a colour bar. @param {import("./look.js").AttentionLook} look @returns {PlotTrace} */
function emptyScatter(look) {
  const { scale: colorscale, min: cmin, max: cmax } = look;
  const marker = { color: [0], cmin, cmax, colorscale, showscale: true, colorbar: colourBar(look) };
  return { type: "scatter", mode: "markers", x: [null], y: [null], hoverinfo: "skip", marker };
}

/**
 * @param {Trace} trace @param {AttentionGrid} grid @param {import("./look.js").AttentionLook} look @returns {PlotTrace}
 */
function cellTrace(trace, grid, look) {
  const names = grid.sources.map(memoryName);
  return {
    type: "heatmap",
    z: attentionMatrix(trace, grid),
    y0: grid.from,
    dy: 1,
    zmin: look.min,
    zmax: look.max,
    colorscale: look.scale,
    colorbar: colourBar(look),
    hoverongaps: false,
    customdata: trace.versus
      ? bothSides(trace, grid, names)
      : Array.from({ length: grid.rows }, () => names.map((name) => [name])),
    hovertemplate: `step %{y} reads %{customdata[0]}<br>${look.hover}<extra></extra>`,
    xgap: 0.5,
    ygap: 0.5,
  };
}

/**
 * Of each cell its memory, its weight here and in the baseline.
 * @param {Trace} trace @param {AttentionGrid} grid @param {string[]} names
 */
function bothSides(trace, grid, names) {
  const rows = Array.from({ length: grid.rows }, () =>
    names.map((name) => /** @type {(string | number)[]} */ ([name, 0, 0])),
  );
  Array.from(trace.attention.reader).forEach((reader, index) => {
    const column = grid.column.get(trace.attention.source[index]) ?? -1;
    const row = rows[reader - grid.from];
    if (row && column >= 0)
      row[column] = [names[column], trace.versus?.own[index] ?? 0, trace.versus?.base[index] ?? 0];
  });
  return rows;
}

/**
 * @param {AttentionGrid} grid @param {Theme} theme @param {number} width @param {number} height
 * @param {PlotMargin} margin @returns {PlotLayout}
 */
function layout(grid, theme, width, height, margin) {
  const columns = spaced(grid.columns, grid.sources[0] === -1 ? 1 : 0);
  const rows = spaced(grid.rows, 0, grid.from);
  /** @type {PlotAxis} */
  const bare = { fixedrange: true, showgrid: false, zeroline: false, ticks: "", automargin: false };
  return {
    // The colour bar must not push the cells away from our own layers, which know nothing of it.
    width,
    height,
    margin: { ...margin, autoexpand: false },
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font: { color: theme.muted, size: 11 },
    showlegend: false,
    dragmode: false,
    hovermode: "closest",
    uirevision: "keep",
    hoverlabel: { bgcolor: theme.panel, bordercolor: theme.line, font: { color: theme.text, size: 12 } },
    xaxis: {
      ...bare,
      range: [-0.5, grid.columns - 0.5],
      side: "bottom",
      tickvals: columns,
      ticktext: columns.map((column) => (grid.sources[column] === -1 ? "∅" : String(grid.sources[column]))),
      title: { text: "memory, by its step (∅ empty)", standoff: 4 },
    },
    yaxis: {
      ...bare,
      range: [grid.from + grid.rows - 0.5, grid.from - 0.5],
      tickvals: rows,
      ticktext: rows.map(String),
      title: { text: "reading step", standoff: 4 },
    },
  };
}

/**
 * A few evenly spaced round places; the empty memory always has its own tick.
 * @param {number} count @param {number} start @param {number} from the first place
 */
function spaced(count, start, from = 0) {
  const every = [1, 2, 5, 10, 20, 50, 100, 200].find((size) => (count - start) / size <= TICKS) ?? 500;
  const places = start ? [0] : [];
  for (let place = start + Math.ceil(from / every) * every; place < from + count; place += every)
    if (place !== 1 || !start || every < 3) places.push(place);
  return places;
}
