// Title, label and the sentence of the picture name one arc, over traces that were made up and with arcs taken out.

import assert from "node:assert/strict";
import { test } from "node:test";

import { timeAxis } from "../../../static/js/draw/time_axis.js";
import { paths } from "../../../static/js/page/words/figure_facts.js";
import { pathFigure } from "../../../static/js/panels/paths/figure.js";
import { headline } from "../../../static/js/panels/story/headline.js";
import { madeUp, many } from "../support/awkward.js";

const TRACES = many(8000, (seed) => ({ ...madeUp(seed), preset: "copy" }));
const ARC = /^(?:One|Two) hops?: step (\d+) read step (\d+)/;
const labelled = (/** @type {Trace} */ trace) => pathFigure(trace, timeAxis(900, trace.steps), 200).best;

test("the picture's sentence names the arc with the label, wherever there is one", () => {
  const seen = TRACES.map((trace) => ({ best: labelled(trace), told: paths(trace) })).filter(({ best }) => best);
  const count = [seen.length, seen.filter(({ told }) => told.weaker).length];
  assert.ok(count[0] > 500 && count[1] > 100, String(count));
  for (const { best, told } of seen)
    if (told.known) assert.deepEqual([told.from, told.to], [String(best?.reader), String(best?.source)]);
});

test("the title names the arc with the label too, or says that its own is hidden", () => {
  const hidden = [];
  const drawn = [];
  for (const trace of TRACES) {
    const { answer } = headline(trace);
    const named = ARC.exec(answer);
    const best = labelled(trace);
    if (!named) continue;
    const same = best !== null && +named[1] === best.reader && +named[2] === best.source;
    assert.equal(same, !answer.includes("(its arc is hidden)"), answer);
    (same ? drawn : hidden).push(trace);
  }
  assert.ok(hidden.length > 20 && drawn.length > 100, `${hidden.length}, ${drawn.length}`);
});
