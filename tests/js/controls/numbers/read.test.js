// What a person may type for a number, in a field that takes whole numbers and in one that takes all.

import assert from "node:assert/strict";
import { test } from "node:test";

import { fits, rangeWords, readNumber, refusalWords } from "../../../../static/js/controls/numbers/read.js";
import { isNumber, wantedOf } from "../../../../static/js/controls/numbers/wanted.js";
import { grouped, readable } from "../../../../static/js/draw/numbers.js";
import { FIELDS } from "../../../../static/js/wire/contract.js";

const ANY = { name: "rate", low: -1e9, high: 1e9, whole: false, remedy: "0.002 is a good start" };
const WHOLE = { name: "steps", low: -1e9, high: 1e9, whole: true, remedy: "50 is comfortable" };
const read = (/** @type {string} */ text, wanted = ANY) => readNumber(text, wanted).value;
const said = (
  /** @type {string} */ text,
  /** @type {import("../../../../static/js/controls/numbers/read.js").Wanted} */ wanted = ANY,
) => {
  const { refusal } = readNumber(text, wanted);
  assert.ok(refusal, `“${text}” was read`);
  return refusalWords(refusal);
};

test("a comma and a point both open decimals, and powers are read as they are written anywhere", () => {
  for (const [text, value] of /** @type {[string, number][]} */ ([
    ["0.005", 0.005],
    ["0,005", 0.005],
    [" 1e-3 ", 1e-3],
    ["1E3", 1000],
    ["1,5e-3", 1.5e-3],
    ["2.5", 2.5],
    ["2,5", 2.5],
    [",5", 0.5],
    [".5", 0.5],
    ["5.", 5],
    ["-2", -2],
    ["−2", -2],
    ["–2,5", -2.5],
    ["+3", 3],
    ["-0", 0],
    ["007", 7],
    ["1.83·10⁻⁴", 1.83e-4],
    ["1,5 × 10³", 1500],
    ["1.500", 1.5],
  ]))
    assert.ok(Object.is(read(text), value), `${text}: ${read(text)}`);
});

test("thousands are read as the page writes them, with commas or with spaces, and decimals may follow", () => {
  for (const value of [1_000, 7_000, 12_345, 999_999, 1_000_000, -54_321]) {
    assert.equal(read(grouped(value), WHOLE), value);
    assert.equal(read(String(value).replace(/\B(?=(\d{3})+(?!\d))/g, "\u202f"), ANY), value);
  }
  assert.equal(read("1,234.5"), 1234.5);
  assert.equal(read("1 234 567", WHOLE), 1_234_567);
  for (const text of ["1,23,456", "12,34", "1,000 000", "1.000.000", "1,0000,000"])
    assert.equal(read(text, WHOLE), null, text);
});

test("whatever the page writes of a number is read as that number", () => {
  for (const value of [0.002, 1e-5, 5, 123, 4.56e-8, 7.89e12, 99900])
    assert.equal(read(readable(value), { ...ANY, high: 1e99 }), value, readable(value));
});

test("what can be read in two ways is taken in the one that fits, and refused where both do", () => {
  assert.equal(read("3,250", { ...ANY, low: 1, high: 20 }), 3.25);
  assert.equal(read("3,250", { ...ANY, low: 100 }), 3250);
  assert.match(said("1,500"), /^rate = 1,500: .*; write 1500 or 1\.5, for it can be read as both$/);
  assert.equal(read("1,500", WHOLE), 1500, "a whole number has no decimals to be taken for");
  assert.equal(read("1.500", WHOLE), 1500);
  assert.match(said("2.000", WHOLE), /write 2000 or 2, for it can be read as both/);
  assert.equal(read("2.000", { ...WHOLE, high: 15 }), 2);
  assert.equal(read("0,005"), 0.005, "no group opens with a zero");
});

test("what is no number is refused with its name, what was typed, the range and how to write one", () => {
  for (const text of [
    "abc",
    "1.2.3",
    "1,2,3",
    "NaN",
    "Infinity",
    "0x10",
    ".",
    ",",
    "e3",
    "1e",
    "3 in",
    "٣",
    "1-2",
    "--1",
    "1e999",
  ]) {
    const words = said(text, { ...ANY, low: 0, high: 5, unit: "in" });
    assert.ok(words.startsWith(`rate = ${text}: 0 … 5 in, number; `), words);
    assert.ok(words.endsWith("0.002 is a good start"), words);
  }
  assert.match(said("abc"), /write digits, as 0\.005, 0,005 or 1e-3; 0\.002/);
  assert.match(said("five", WHOLE), /write digits, as 7 or 7,000; 50 is/);
  assert.equal(said("", WHOLE), "steps = nothing: -1000000000 … 1000000000, whole number; 50 is comfortable");
  assert.ok(said("9".repeat(2_000)).length < 200, "a pasted page is not said again");
});

test("a number outside the range is told from no number at all", () => {
  const wanted = { ...WHOLE, low: 0, high: 9 };
  for (const [text, number] of /** @type {[string, number][]} */ ([
    ["-1", -1],
    ["10", 10],
    ["1.5", 1.5],
    ["1e2", 100],
  ])) {
    const { refusal } = readNumber(text, wanted);
    assert.equal(refusal?.number, number);
    assert.equal(refusal && refusalWords(refusal), `steps = ${text}: 0 … 9, whole number; 50 is comfortable`);
  }
  assert.equal(readNumber("abc", wanted).refusal?.number, null);
  for (const text of ["0", "9", " 3 ", "3.0", "0,0"]) assert.notEqual(read(text, wanted), null, text);
});

test("a bound that must be exceeded is not reached, not even by underflow", () => {
  const wanted = { ...ANY, low: 0, high: 1, above: true };
  for (const text of ["0", "-0", "0,0", "1e-400"]) assert.match(said(text, wanted), /more than 0 … 1, number/);
  assert.equal(read("1e-300", wanted), 1e-300);
  assert.equal(rangeWords(wanted), "more than 0 … 1, number");
  assert.ok(!fits(NaN, ANY) && !fits(Infinity, { ...ANY, high: Infinity }));
});

test("nothing and words count only where a field knows them", () => {
  assert.deepEqual(readNumber("  ", { ...WHOLE, empty: true }), { value: null, refusal: null });
  const words = { all: 10_000, "no cut": 0, never: null };
  assert.equal(read("All", { ...WHOLE, words }), 10_000);
  assert.deepEqual(readNumber("NEVER", { ...WHOLE, words }), { value: null, refusal: null });
  for (const text of ["all", "no cut", "∞", "constructor", "__proto__"]) {
    assert.equal(read(text, WHOLE), null, text);
    assert.equal(read(text, { ...WHOLE, words: { most: 9 } }), null, text);
  }
});

test("every number of a run has what fits it out of the contract, and takes its own default as it is written", () => {
  const numbers = Object.keys(FIELDS).filter(isNumber);
  assert.ok(numbers.length > 12);
  for (const path of numbers) {
    const { default: own, high, low, above, null: none } = FIELDS[path];
    const wanted = wantedOf(path);
    if (own !== null) assert.equal(readNumber(String(own), wanted).value, own, path);
    assert.equal(readNumber(String(high), wanted).value, high, path);
    assert.equal(readNumber(String(low), wanted).value, above ? null : low, path);
    assert.ok(readNumber(String(high * 10), wanted).refusal, path);
    if (none) assert.equal(readNumber(none, wanted).refusal, null, path);
  }
  assert.equal(readNumber("∞", wantedOf("model.k_trunc")).value, 0);
  assert.equal(readNumber("no cut", wantedOf("model.k_trunc")).value, 0);
  assert.equal(readNumber("all", wantedOf("model.k_top")).value, 10_000);
  assert.ok(readNumber("all", wantedOf("model.k_att")).refusal);
  assert.equal(isNumber("task.name") || isNumber("name") || isNumber("training.until"), false);
});
