// The line below a picture says what the picture was made with; recounted from trace and spec.

import assert from "node:assert/strict";
import { test } from "node:test";

import { captionLine, traceCaption } from "../../../static/js/exports/caption.js";
import { chances, madeUp, many } from "../support/awkward.js";

const ALL = 10_000;
const CASES = many(400, (seed) => {
  const { one, some } = chances(seed);
  const made = madeUp(seed);
  const how = one(["blocks", "blocks", "window"]);
  const spec = some(0.7)
    ? {
        task: { name: made.task.name, T: 30, items: null, T_min: one([null, 1]) },
        model: { method: made.parameters.method, k_top: 5, k_trunc: 7, k_att: 2 },
        training: { seed: 3, sum_floor: one([0, 0.1]) },
      }
    : null;
  return {
    spec,
    trace: { ...made, own: some(0.3), parameters: { ...made.parameters, cuts: how, phase: one([0, 0, 2]) } },
  };
});

test("each part of the line is what the trace was made with, whatever its spec says", () => {
  const met = new Set();
  for (const { spec, trace } of CASES) {
    const { k_top, k_trunc, k_att, method, cuts, phase } = trace.parameters;
    const line = captionLine(
      /** @type {any} */ ({ target: null }),
      traceCaption("paths", trace, /** @type {any} */ (spec)),
    );
    const parts = line.split(" · ");
    const one = (/** @type {RegExp} */ pattern) => parts.filter((part) => pattern.test(part));
    assert.deepEqual(one(/^k_top /), [`k_top ${k_top >= ALL ? "all" : k_top}`]);
    assert.deepEqual(one(/^k_trunc /), [`k_trunc ${k_trunc === 0 ? "∞" : k_trunc}`]);
    assert.deepEqual(one(/^k_att /), [`k_att ${k_att}`]);
    assert.ok(parts.includes(method));
    assert.deepEqual(one(/own input|^example/), [trace.own ? "own input" : `example ${trace.example}`]);
    assert.deepEqual(one(/loss step|whole loss/), [
      trace.loss_step === null ? "whole loss" : `loss step ${trace.loss_step}`,
    ]);
    const moved = k_trunc > 0 && cuts === "blocks" && phase > 0 ? [`cuts moved by ${phase}`] : [];
    const window = k_trunc > 0 && cuts === "window" ? ["one cut, k_trunc steps back from the loss"] : [];
    assert.deepEqual(one(/^cuts moved|^one cut/), [...window, ...moved]);
    assert.deepEqual(one(/^knocked out/), trace.knocked_out.length ? ["knocked out 1 → 0"] : []);
    assert.deepEqual(one(/Σr/).length, (spec?.training.sum_floor ?? 0) > 0 ? 1 : 0);
    assert.deepEqual(one(/^seed/), spec ? ["seed 3"] : []);
    assert.deepEqual(one(/mixed$/), spec?.task.T_min === 1 ? ["delays 1–30 mixed"] : []);
    met.add(one(/^cuts moved|^one cut/).join());
  }
  assert.equal(met.size, 3);
});
