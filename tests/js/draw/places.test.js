import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { hopDash } from "../../../static/js/draw/figures/methods.js";
import { HOP_DASHES } from "../../../static/js/draw/look.js";
import { timeAxis } from "../../../static/js/draw/time_axis.js";
import { gradientScale } from "../../../static/js/panels/gradients/scale.js";
import { pathFigure } from "../../../static/js/panels/paths/figure.js";
import { fromJson } from "../support/from_json.js";

const golden = JSON.parse(readFileSync(new URL("../../golden/places.json", import.meta.url), "utf8"));
const trace = /** @type {Trace} */ (/** @type {unknown} */ (fromJson(golden.trace)));
const figure = pathFigure(trace, timeAxis(900, trace.steps), golden.height);
const nameOf = (/** @type {{reader: number, source: number}} */ { reader, source }) => `${reader} ${source}`;
const near = (/** @type {number} */ got, /** @type {number} */ wanted, /** @type {string} */ what) =>
  assert.ok(Math.abs(got - wanted) <= 1e-9 * Math.max(Math.abs(wanted), 1), `${what}: ${got}, Python has ${wanted}`);

test("arcs of the page rise as far, are as wide, as dense and dashed as those that Python prints", () => {
  assert.deepEqual(figure.skips.map(nameOf).sort(), Object.keys(golden.arcs).sort());
  for (const arc of figure.skips) {
    const wanted = golden.arcs[nameOf(arc)];
    near(figure.baseline - arc.apex[1], wanted.rise, `rise of ${nameOf(arc)}`);
    near(arc.width, wanted.width, `width of ${nameOf(arc)}`);
    near(arc.opacity, wanted.opacity, `opacity of ${nameOf(arc)}`);
    const bend = Math.round((figure.baseline - wanted.control) * 10) / 10;
    assert.ok(arc.d.includes(` ${bend} `), `${arc.d} does not bend at ${bend}`);
    if (arc.chosen) assert.equal(arc.dash, hopDash(wanted.hop));
    assert.equal(arc.hop, wanted.hop);
  }
  assert.equal(hopDash(7), HOP_DASHES[HOP_DASHES.length - 1]);
});

test("a knocked-out arc leaves its trace at the height at which Python prints it", () => {
  assert.equal(figure.ghosts.length, Object.keys(golden.ghosts).length);
  for (const { arc, apex } of figure.ghosts) near(figure.baseline - apex[1], golden.ghosts[arc.join(" ")], "ghost");
});

test("local edges have the ink that Python prints", () => {
  assert.deepEqual(figure.locals.map(nameOf).sort(), Object.keys(golden.inks).sort());
  for (const edge of figure.locals) {
    const [width, opacity] = golden.inks[nameOf(edge)];
    near(edge.width, width, `width of ${nameOf(edge)}`);
    near(edge.opacity, opacity, `opacity of ${nameOf(edge)}`);
  }
});

test("the decades of gradient norms are those that Python prints", () => {
  const { low, high } = gradientScale(trace.gradient_norm);
  assert.deepEqual([low, high], [golden.decades.low, golden.decades.high]);
});
