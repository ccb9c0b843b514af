// Panel 3: gradient norm per step under three rules.

import { gradientFigure, gradientScale } from "../figures/gradients.js";
import { lineLabels } from "../figures/line_labels.js";
import { find, html, markPanel, svg, whenChanged } from "../layers/dom.js";
import { sizeOf } from "../layers/size.js";
import { intervals } from "../numbers.js";
import { draw, plotlyReady } from "../plotly.js";

const MARGIN = { t: 4, b: 22 };
const RULE_NAMES = /** @type {const} */ ([["sab", "SAB"], ["truncated", "truncated"], ["full", "full"]]);
const SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉";

/**
 * @param {() => Theme} theme
 * @returns {import("./story.js").StoryPart}
 */
export function createGradients(theme) {
  const root = find("[data-testid=gradient-norms]");
  const plot = find(".plot", root);
  const overlay = find("svg.over", root);
  const changed = whenChanged();
  const figureChanged = whenChanged();
  /** @type {import("../figures/gradients.js").GradientScale | null} */
  let scale = null;

  return {
    wait: (freshness) => markPanel(root, { state: freshness }),
    paint({ trace, freshness, axis, state }) {
      const ready = plotlyReady();
      markPanel(root, { update: trace.update, state: ready ? freshness : "loading", note: ready ? "" : "drawing …" });
      const { height } = sizeOf(plot);
      if (!changed(trace, axis, height, theme(), state.cell, ready)) return;
      find("#gradient-quantity", root).textContent = quantity(trace, state.cell);
      find("#reach", root).replaceChildren(...reach(trace));
      const norms = state.cell ? trace.gradient_norm_cell : trace.gradient_norm;
      scale = gradientScale(norms, state.run ? scale : null);
      // The preview of a knob moves cuts, not norms: what is costly stays as it is.
      if (ready && figureChanged(norms, axis, height, theme(), ...Object.values(scale.range))) {
        const figure = gradientFigure(trace, axis, theme(), scale, state.cell);
        draw(plot, { ...figure, layout: { ...figure.layout, height } });
      }
      drawOver(overlay, trace, norms, axis, scale, height, theme());
    },
  };
}

/** Cuts, and names beside the lines. @param {Element} overlay @param {Trace} trace @param {Record<string, Column>} norms @param {TimeAxis} axis @param {import("../figures/gradients.js").GradientScale} scale @param {number} height @param {Theme} theme */
function drawOver(overlay, trace, norms, axis, scale, height, theme) {
  const inner = height - MARGIN.t - MARGIN.b;
  const [low, high] = scale.range;
  const y = (/** @type {number} */ value) => MARGIN.t + (inner * (high - Math.max(Math.log10(value), scale.low))) / (high - low);
  const cuts = Array.from(trace.cuts, (step) => {
    const x = (axis.x(step) - axis.cell / 2).toFixed(1);
    return svg("line", { "data-cut": step, stroke: theme.edge, "stroke-dasharray": "2 3", x1: x, x2: x, y1: MARGIN.t, y2: MARGIN.t + inner });
  });
  const labels = lineLabels(norms, axis, y).map(({ rule, name, x, y: at, anchor }) =>
    svg("text", {
      x: x.toFixed(1), y: at.toFixed(1), "text-anchor": anchor, "font-size": 12, "font-weight": 600, fill: rule === "truncated" ? theme.truncatedText : theme[rule],
      stroke: theme.panel, "stroke-width": 4, "stroke-linejoin": "round", "paint-order": "stroke",
    }, name));
  overlay.setAttribute("viewBox", `0 0 ${axis.width} ${height}`);
  overlay.replaceChildren(...cuts, ...labels);
}

/** @param {Trace} trace @param {boolean} cell */
function quantity(trace, cell) {
  const loss = trace.loss_step === null ? "L" : `L${[...String(trace.loss_step)].map((digit) => SUBSCRIPTS[Number(digit)]).join("")}`;
  return `‖∂${loss}/∂${cell ? "c" : "h"}ₛ‖₂ at each step s`;
}

/** @param {Trace} trace */
function reach(trace) {
  const entries = RULE_NAMES.filter(([rule]) => trace.reach[rule]);
  return entries.map(([rule, name]) => html("span", { class: `reach ${rule}` },
    html("i", { class: "swatch", "aria-hidden": "true" }), `${name} `, html("b", {}, intervals(trace.reach[rule]))));
}
