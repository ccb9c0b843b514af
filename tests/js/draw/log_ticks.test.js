import assert from "node:assert/strict";
import { test } from "node:test";

import { curvesFigure } from "../../../static/js/panels/curves/figure.js";
import { logRange, logTicks } from "../../../static/js/draw/figures/log_ticks.js";
import { NO_LOOKS } from "../../../static/js/state/reducers/columns.js";

const theme = /** @type {Theme} */ ({ text: "#111", accent: "#00f", warn: "#f00", line: "#ddd" });

test("ticks of a log axis keep their distance at any height and any span, some wherever a few fit", () => {
  for (let px = 40; px <= 600; px += 7) {
    for (const span of [0.1, 0.16, 0.4, 0.9, 1.3, 2.5, 6, 11, 30]) {
      for (const low of [-9.3, -1.04, -0.3, 0, 2.7]) {
        const { tickvals } = logTicks([low, low + span], px);
        const places = tickvals.map((value) => (Math.log10(value) - low) * (px / span));
        for (let index = 1; index < places.length; index += 1)
          assert.ok(places[index] - places[index - 1] >= 16.9, `${px} px, ${span} powers: ${tickvals}`);
        assert.ok(places.every((place) => place >= -1e-6 && place <= px + 1e-6));
        if (px > 120 && span >= 0.4) assert.ok(places.length >= 2, `${px} px, ${span} powers from ${low}: ${tickvals}`);
      }
    }
  }
});

test("the young loss of a copy run has no 9, 8, 7 beside its 1", () => {
  assert.deepEqual(logTicks([Math.log10(0.68), Math.log10(2.4)], 70).ticktext, ["0.7", "1", "2"]);
  assert.deepEqual(logTicks([-6.1, 0.2], 70).ticktext, ["10⁻⁶", "10⁻⁴", "0.01", "1"]);
});

test("the range of the loss leaves out what has no logarithm", () => {
  assert.deepEqual(logRange([NaN, 0, Infinity, -1]), [-1, 1]);
  const [low, high] = logRange([0.1, 10], [NaN, 100]);
  assert.ok(low < -1 && low > -1.3 && high > 2 && high < 2.3);
  const metrics = {
    update: [1, 2],
    loss: [2, 1],
    gradient_norm: [1, 1],
    learning_rate: [1, 1],
    skipped: [0, 0],
    values: {},
  };
  const beside = { looks: NO_LOOKS, chance: null, baseline: null };
  const { yaxis } = curvesFigure(metrics, [], theme, { width: 300, height: 220 }, null, beside).layout;
  assert.ok(yaxis.range && yaxis.tickvals?.every((value) => Math.log10(value) >= (yaxis.range?.[0] ?? 0)));
});

test("an axis that has no length yet is done with at once", () => {
  for (const px of [0, -40, 0.5]) assert.ok(logTicks([-6, 2], px).tickvals.length <= 1, String(px));
});
