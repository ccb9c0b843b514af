// Counts and updates are written in one way everywhere: only draw/numbers.js groups digits.

import assert from "node:assert/strict";
import { test } from "node:test";

import { readFileSync, readdirSync } from "node:fs";

const HOME = new URL("../../static/js/", import.meta.url);
const FILES = readdirSync(HOME, { recursive: true, encoding: "utf-8" }).filter(
  (name) => name.endsWith(".js") && name !== "draw/numbers.js",
);
/** Ways to write a number with groups of one's own; a date may be written as a person's system does. */
const OWN = [
  /(?<!new Date\([^)]*\))\.toLocaleString\(/,
  /Intl\.NumberFormat/,
  /\\d\{3\}/,
  /[\u2009\u202f]|\\u2009|\\u202f/,
];
/** A number of an update, or of how many there are, that is put into a text as it is. */
const PLAIN = /\bupdates? \$\{(?!grouped\(|LOOK_EVERY\b)/;

for (const name of FILES)
  test(`${name} leaves the writing of large numbers to draw/numbers.js`, () => {
    const text = readFileSync(new URL(name, HOME), "utf-8");
    for (const pattern of OWN) assert.doesNotMatch(text, pattern);
    // What travels names an update as it was asked for.
    if (!name.startsWith("wire/")) assert.doesNotMatch(text, PLAIN);
  });

test("the patterns catch what they are for", () => {
  for (const bad of ["n.toLocaleString()", "new Intl.NumberFormat()", "/(\\d{3})/", "\u202f"])
    assert.ok(
      OWN.some((pattern) => pattern.test(bad)),
      bad,
    );
  assert.match("`update ${run.update}`", PLAIN);
  assert.doesNotMatch("new Date(created).toLocaleString()", OWN[0]);
  assert.ok(FILES.length > 100);
});
