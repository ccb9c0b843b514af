import assert from "node:assert/strict";
import { test } from "node:test";

import { readKept } from "../../../static/js/controls/figure/kept.js";
import { createNewest } from "../../../static/js/controls/figure/newest.js";
import { MEASURES, queryWords, settingsOf, wrongWords } from "../../../static/js/controls/figure/options.js";
import { sizeWords } from "../../../static/js/controls/figure/preview.js";

/** What stands in the fields of a fresh page. */
const USUAL = {
  width: ["double"],
  width_in: [""],
  height_in: [""],
  font: ["sans"],
  font_size: ["8"],
  colormap: ["perceptual"],
  theme: ["light"],
  legend: ["true"],
  marks: ["true"],
  title: [],
  caption: [],
  transparent: [],
  rules: ["sab", "truncated", "full"],
  from: [""],
  to: [""],
  dpi: ["300"],
};
const NOTHING = { baseline: null, seeds: [] };
const GRADIENTS = { panel: "gradients", format: "png", steps: 50, beside: NOTHING };
const typed = (/** @type {Partial<typeof USUAL> | Record<string, string[]>} */ change) => ({ ...USUAL, ...change });

test("fields that nobody touched ask for what the server draws unasked", () => {
  const { settings, wrong } = settingsOf(USUAL, GRADIENTS);
  assert.deepEqual(wrong, []);
  assert.deepEqual(queryWords(settings), {
    width_in: "6.75",
    font: "sans",
    colormap: "perceptual",
    theme: "light",
    font_size: "8",
    title: "false",
    caption: "false",
    legend: "true",
    marks: "true",
    transparent: "false",
    dpi: "300",
    rules: "full,sab,truncated",
    steps: "0-49",
  });
});

test("what fits no field is refused with its value, its range and a remedy, and is never sent", () => {
  for (const [name, { low, high }] of Object.entries(MEASURES))
    for (const text of ["abc", "-1", String(low / 2), String(high + 1), "1e9", name === "height_in" ? "x" : ""]) {
      const { settings, wrong } = settingsOf(typed({ width: ["other"], width_in: ["5"], [name]: [text] }), GRADIENTS);
      assert.deepEqual(
        wrong.map((one) => one.fields),
        [[name]],
        `${name} = ${text}`,
      );
      assert.ok(!(name in queryWords(settings)), name);
      const words = wrongWords(wrong[0]);
      for (const part of [text || "nothing", `${low} … ${high}`, wrong[0].remedy])
        assert.ok(words.includes(part), words);
    }
  assert.equal(settingsOf(typed({ dpi: ["300.5"] }), GRADIENTS).wrong.length, 1);
});

test("a width of one's own counts only where it is chosen", () => {
  const of = (/** @type {string} */ width) =>
    settingsOf(typed({ width: [width], width_in: ["5,5"] }), GRADIENTS).settings;
  assert.equal(of("single").width_in, 3.25);
  assert.equal(of("other").width_in, 5.5);
  assert.deepEqual(settingsOf(typed({ width_in: ["abc"] }), GRADIENTS).wrong, []);
});

test("dots, rules and steps belong to the figures that have them", () => {
  const names = (/** @type {Partial<typeof GRADIENTS>} */ of) =>
    Object.keys(settingsOf(USUAL, { ...GRADIENTS, ...of }).settings);
  assert.ok(!names({ format: "pdf" }).includes("dpi"));
  assert.ok(!names({ panel: "paths" }).includes("rules"));
  assert.ok(!names({ panel: "curves", steps: 0 }).includes("steps"));
  assert.deepEqual(
    settingsOf(typed({ dpi: ["x"], rules: [] }), { ...GRADIENTS, panel: "paths", format: "svg" }).wrong,
    [],
  );
});

test("steps are two of the sequence, the earlier one first", () => {
  const said = (/** @type {string} */ from, /** @type {string} */ to) =>
    settingsOf(typed({ from: [from], to: [to] }), GRADIENTS)
      .wrong.map(wrongWords)
      .join("; ");
  assert.equal(said("10", "40"), "");
  assert.equal(said("", "40"), "");
  assert.match(said("x", ""), /^first step = x: 0 … 49, whole number; /);
  assert.match(said("", "50"), /^last step = 50: 0 … 49, whole number; /);
  assert.match(said("-1", "1.5"), /first step = -1.*last step = 1\.5/);
  assert.equal(said("40", "10"), "steps = 40–10: 0 … 49; write the earlier step first");
});

test("no rule at all is refused", () => {
  const { settings, wrong } = settingsOf(typed({ rules: [] }), GRADIENTS);
  assert.equal(settings.rules, undefined);
  assert.equal(wrongWords(wrong[0]), "rules = nothing: at least one of the three; check one");
});

test("the size in words is what was asked for, unless the picture came out otherwise", () => {
  assert.equal(sizeWords(3.25, { width: 357, height: 231 }, 110), "3.25 × 2.1 in");
  assert.equal(sizeWords(3.25, { width: 440, height: 231 }, 110), "4 × 2.1 in");
});

test("what a browser kept is taken only where it can be read, and no step is kept", () => {
  assert.deepEqual(readKept(JSON.stringify({ font: ["serif"], from: ["3"], panel: ["paths"] })), { font: ["serif"] });
  for (const text of [null, "", "{", "3", "[]", "null"]) assert.equal(readKept(text), null, String(text));
  assert.deepEqual(readKept('{"a": 3, "b": [4], "c": ["' + "x".repeat(99) + '"], "title": []}'), { title: [] });
});

/** A question that waits for a clock of one's own, and is answered by hand. */
function asking() {
  /** @type {(() => void)[]} */
  const due = [];
  /** @type {{question: string, answer: (text: string) => void, refuse: (why: string) => void}[]} */
  const asked = [];
  /** @type {string[]} */
  const seen = [];
  const newest = createNewest(
    {
      ask: (/** @type {string} */ question) =>
        new Promise((answer, refuse) => void asked.push({ question, answer, refuse })),
      shown: (/** @type {string} */ answer) => void seen.push(answer),
      refused: (/** @type {unknown} */ error) => void seen.push(`refused: ${error}`),
    },
    { after: (act) => due.push(act) - 1, cancel: (timer) => void (due[timer] = () => {}) },
  );
  return { newest, due, asked, seen, pass: () => due.splice(0).forEach((act) => act()) };
}
const settled = () => new Promise((resolve) => setImmediate(resolve));

test("a change of mind within the pause is one question", () => {
  const { newest, asked, pass } = asking();
  newest.want("a", 300);
  newest.want("b", 300);
  pass();
  assert.deepEqual(
    asked.map(({ question }) => question),
    ["b"],
  );
});

test("one question at a time is under way, and of those that wait the newest is asked", async () => {
  const { newest, asked, seen, pass } = asking();
  for (const question of ["a", "b", "c"]) {
    newest.want(question, 300);
    pass();
  }
  assert.equal(asked.length, 1);
  asked[0].answer("picture of a");
  await settled();
  assert.deepEqual(
    asked.map(({ question }) => question),
    ["a", "c"],
  );
  assert.deepEqual(seen, [], "an answer to what nobody asks any more is not shown");
  asked[1].answer("picture of c");
  await settled();
  assert.deepEqual(seen, ["picture of c"]);
});

test("a refusal is told, unless something else is wanted by then", async () => {
  const { newest, asked, seen, pass } = asking();
  newest.want("a", 0);
  pass();
  asked[0].refuse("too wide");
  await settled();
  newest.want("b", 0);
  pass();
  newest.drop();
  asked[1].refuse("too high");
  await settled();
  assert.deepEqual(seen, ["refused: too wide"]);
});
