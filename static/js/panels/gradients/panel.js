// Panel 3: gradient norm per step under three rules.

import { gradientFigure } from "./figure.js";
import { gradientScale } from "./scale.js";
import { lineLabels } from "../../draw/figures/line_labels.js";
import { ownName, rulesTold } from "../../draw/figures/methods.js";
import { find, html, markPanel, svg, whenChanged } from "../../draw/layers/dom.js";
import { sizeOf } from "../../draw/layers/size.js";
import { intervals } from "../../draw/numbers.js";
import { draw, plotlyReady } from "../../draw/plotly.js";
import { drawnNorms, gradientView, namedNorms, scaleText } from "./selector.js";
import { beforeTrace } from "../../state/selectors/knockouts.js";
import { walkView } from "../../state/selectors/walk.js";

const MARGIN = { t: 4, b: 22 };
const LABEL_PX = 11;
/** In the head of the panel; more would take the room of the picture. */
const MOST_INTERVALS = 4;
const SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉";

/**
 * @param {Store} store
 * @param {() => Theme} theme
 * @returns {import("../story/panel.js").StoryPart}
 */
export function createGradients(store, theme) {
  const parts = gradientParts();
  const { root, which, lock } = parts;
  which.addEventListener("change", () => store.dispatch({ type: "view/scale", each: which.value === "each" }));
  lock.addEventListener("change", () => {
    const { scale } = parts;
    store.dispatch({ type: "view/lock", range: lock.checked && scale ? [scale.low, scale.high] : null });
  });
  return {
    wait: (freshness) => markPanel(root, { state: freshness }),
    paint(view) {
      const ready = plotlyReady();
      const { trace, freshness } = view;
      markPanel(root, { update: trace.update, state: ready ? freshness : "loading", note: ready ? "" : "drawing …" });
      paint(parts, view, theme(), ready);
    },
  };
}

function gradientParts() {
  const root = find("[data-testid=gradient-norms]");
  return {
    root,
    plot: find(".plot", root),
    overlay: find("svg.over", root),
    which: /** @type {HTMLSelectElement} */ (find("select[name=gradient_scale]", root)),
    lock: /** @type {HTMLInputElement} */ (find("input[name=lock_scale]", root)),
    changed: whenChanged(),
    scale: /** @type {import("./figure.js").GradientScale | null} */ (null),
  };
}

/**
 * @param {ReturnType<typeof gradientParts>} parts @param {import("../story/panel.js").StoryView} shown
 * @param {Theme} theme @param {boolean} ready
 */
function paint(parts, { trace, axis, state }, theme, ready) {
  const { root, plot, overlay, which, lock } = parts;
  const { height } = sizeOf(plot);
  const { each, locked } = state.scale;
  const before = beforeTrace(state);
  const since = walkView(state.walk)?.since ?? 0;
  if (!parts.changed(trace, before, axis, height, theme, state.cell, state.scale, ready, since)) return;
  const compared = trace.knocked_out.length ? before : null;
  const view = gradientView(trace, { cell: state.cell, each, before: compared, since });
  const scale = gradientScale(drawnNorms(view), state.run ? parts.scale : null, locked);
  parts.scale = scale;
  find("#gradient-quantity", root).textContent = quantity(trace, state.cell);
  find("#reach", root).replaceChildren(...reach(trace));
  which.value = each ? "each" : "shared";
  lock.checked = locked !== null;
  find("#gradient-scale", root).textContent = scaleText(scale, { each, locked: locked !== null });
  if (ready) {
    const figure = gradientFigure(view, axis, theme, scale);
    draw(plot, { ...figure, layout: { ...figure.layout, height } });
  }
  overlay.setAttribute("viewBox", `0 0 ${axis.width} ${height}`);
  overlay.replaceChildren(
    ...cutLines(trace, axis, height, theme),
    ...names(view, axis, scale, height, theme),
    ...(each ? [warning(axis, theme)] : []),
  );
}

/** @param {Trace} trace @param {TimeAxis} axis @param {number} height @param {Theme} theme */
function cutLines(trace, axis, height, theme) {
  return Array.from(trace.cuts)
    .filter(axis.has)
    .map((step) => {
      const x = (axis.x(step) - axis.cell / 2).toFixed(1);
      const place = { x1: x, x2: x, y1: MARGIN.t, y2: height - MARGIN.b };
      return svg("line", { "data-cut": step, stroke: theme.edge, "stroke-dasharray": "2 3", ...place });
    });
}

/**
 * Names beside the lines.
 * @param {import("./selector.js").GradientView} view @param {TimeAxis} axis
 * @param {import("./figure.js").GradientScale} scale @param {number} height @param {Theme} theme
 */
function names(view, axis, scale, height, theme) {
  const inner = height - MARGIN.t - MARGIN.b;
  const [low, high] = scale.range;
  const y = (/** @type {number} */ value) =>
    MARGIN.t + (inner * (high - Math.max(Math.log10(value), scale.low))) / (high - low);
  return lineLabels(namedNorms(view), axis, y, view.own).map(({ rule, name, x, y: at, anchor }) =>
    svg(
      "text",
      {
        x: x.toFixed(1),
        y: Math.max(at, MARGIN.t + LABEL_PX).toFixed(1),
        "text-anchor": anchor,
        "font-size": 12,
        "font-weight": rule === "before" ? 400 : 600,
        fill: rule === "truncated" ? theme.truncatedText : rule === "before" ? theme.sab : theme[rule],
        stroke: theme.panel,
        "stroke-width": 4,
        "stroke-linejoin": "round",
        "paint-order": "stroke",
      },
      name,
    ),
  );
}

/** Stands in the picture, so that an exported one is not misread either. @param {TimeAxis} axis @param {Theme} theme */
function warning(axis, theme) {
  const look = {
    "data-warning": "per rule",
    x: axis.width - axis.right - 6,
    y: MARGIN.t + 11,
    "text-anchor": "end",
    "font-size": 11,
    fill: theme.warn,
    stroke: theme.panel,
    "stroke-width": 3,
    "paint-order": "stroke",
  };
  return svg("text", look, "each rule ÷ its own maximum: sizes cannot be compared");
}

/** @param {Trace} trace @param {boolean} cell */
function quantity(trace, cell) {
  const loss =
    trace.loss_step === null
      ? "L"
      : `L${[...String(trace.loss_step)].map((digit) => SUBSCRIPTS[Number(digit)]).join("")}`;
  return `‖∂${loss}/∂${cell ? "c" : "h"}ₛ‖₂ at each step s${cell ? "; reach by that of h" : ""}`;
}

/** @param {Trace} trace */
function reach(trace) {
  const entries = rulesTold(ownName(trace)).filter(({ rule }) => trace.reach[rule]);
  return entries.map(({ rule, name }) =>
    html(
      "span",
      { class: `reach ${rule}` },
      html("i", { class: "swatch", "aria-hidden": "true" }),
      `${name} `,
      html("b", { title: `steps ${intervals(trace.reach[rule])}` }, intervals(trace.reach[rule], MOST_INTERVALS)),
    ),
  );
}
