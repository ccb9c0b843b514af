import assert from "node:assert/strict";
import { test } from "node:test";

import { attentionFigure, attentionMatrix } from "../../../static/js/panels/attention/figure.js";
import { attentionGrid, attentionPixels } from "../../../static/js/panels/attention/grid.js";
import { attentionLook } from "../../../static/js/panels/attention/look.js";
import { pathFigure } from "../../../static/js/panels/paths/figure.js";
import { stripFigure } from "../../../static/js/panels/strip/figure.js";
import { gradientFigure } from "../../../static/js/panels/gradients/figure.js";
import { gradientScale } from "../../../static/js/panels/gradients/scale.js";
import { gradientView } from "../../../static/js/panels/gradients/selector.js";
import { timeAxis } from "../../../static/js/draw/time_axis.js";
import { trace } from "../support/traces.js";

const theme = /** @type {any} */ ({
  dark: false,
  sab: "#00f",
  truncated: "#f80",
  full: "#333",
  source: "#0a0",
  text: "#000",
  muted: "#666",
  line: "#ddd",
  panel: "#fff",
  accent: "#06c",
  warn: "#c00",
});

test("C27: a sequence of one step is drawn whole: strip, heatmap, arcs and norms", () => {
  const norm = [0.5];
  const one = trace({
    ...{ steps: 1, loss_step: 0, inputs: [3], targets: [3], predictions: [3], loss_T: [0.1], true_sources: {} },
    ...{ memories: [-1], cuts: [], attention: { reader: [0], source: [-1], weight: [1], score: [] } },
    gradient_norm: { sab: norm, truncated: norm, full: norm },
    ...{ edges: [], paths: [], reach: { sab: [[0, 0]], truncated: [[0, 0]], full: [[0, 0]] }, hits: {} },
  });
  const alone = timeAxis(1000, 1);
  assert.equal(alone.stepAt(alone.x(0)), 0);
  assert.deepEqual(attentionMatrix(one, attentionGrid(one)), [[1]]);
  const pixels = attentionPixels(one, attentionGrid(one), attentionLook(one, theme));
  assert.deepEqual([pixels.length, pixels[3] > 0], [4, true]);
  const arcs = pathFigure(one, alone, 140);
  assert.deepEqual([arcs.skips, arcs.locals, arcs.cuts, arcs.best], [[], [], [], null]);
  const frame = { width: 400, height: 300, margin: { l: 0, r: 0, t: 0, b: 0 } };
  const drawn = [
    attentionFigure(one, attentionGrid(one), theme, { ...frame, live: false }),
    gradientFigure(
      gradientView(one, { cell: false, each: false }),
      alone,
      theme,
      gradientScale({ sab: norm, truncated: norm, full: norm }),
    ),
  ];
  assert.ok(!/null|NaN|Infinity/.test(JSON.stringify(drawn[1].data.map(({ y }) => y))));
  assert.deepEqual(
    drawn[1].data.map(({ x }) => x),
    [[0], [0], [0]],
  );
  assert.doesNotThrow(() => stripFigure(one, alone));
});
