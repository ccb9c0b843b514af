// What the form says of a data set, recounted from what the server told of it.

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  ADDED,
  FACTS,
  LICENCE,
  REFUSALS,
  SENDING,
  dataFacts,
  dataOptions,
  dataWords,
  fileFacts,
  refusalOf,
  sending,
  shortName,
  troubleOf,
} from "../../../../static/js/controls/form/data_words.js";
import { MOST_TEXT_BYTES } from "../../../../static/js/wire/offered/data.js";
import { chances, many } from "../../support/awkward.js";
import { grouped, nothing, sceptic } from "../../support/sceptic.js";

const SHA = "0123456789abcdef".repeat(4);

/** @param {Partial<Wire.DataView>} [own] @returns {Wire.DataView} */
const view = (own = {}) => ({
  ...{ data: "hamlet", task: "char", origin: "bundled", title: "Hamlet", sha256: SHA, size_bytes: 9, source: "" },
  ...{ licence: "public domain", chance: {}, bpc: 2, symbols: "ab", characters: 90, shape: null, classes: null },
  ...{ training: 81, held_out: 9 },
  ...own,
});

const CASES = many(800, (seed) => {
  const { one, some, whole } = chances(seed);
  const text = some(0.5);
  const classes = Array.from({ length: one([1, 2, 10, 11, 40]) }, (_, at) => `c${at}`);
  const shape = [whole(1, 40), whole(1, 40), one([1, 3])];
  const found = view({
    ...{ data: one(["hamlet", `poem@${SHA}`]), task: text ? "char" : "pixels", origin: one(["bundled", "sent"]) },
    ...{
      licence: one(["", "CC0"]),
      bpc: text ? one([0, 0.5, 4.799]) : null,
      symbols: text ? one(["ab", "𝄞é\n"]) : null,
    },
    ...{ characters: text ? one([2, 999, 176350]) : null, shape: text ? null : shape, classes: text ? null : classes },
    ...{ training: one([1, 1437, 60000]), held_out: one([0, 1, 17635]) },
  });
  const sets = one([null, [], [view({ data: "other" })], [view({ data: "other" }), found]]);
  return { sets, name: found.data };
});

/** @typedef {(typeof CASES)[0]} Case */
const of = (/** @type {Case} */ { sets, name }) => sets?.find(({ data }) => data === name);

sceptic("what a data set is", {
  place: FACTS,
  cases: CASES,
  facts: ({ sets, name }) => dataFacts(sets, name),
  known: [
    nothing((one) => one.sets === null),
    [
      /^(?<name>\S+) is not on this server, so no run of it can start here\.$/,
      (one, { name }) => one.sets !== null && !of(one) && one.name.startsWith(name),
    ],
    [
      new RegExp(
        "^(?<characters>[\\d,]+) characters, (?<symbols>\\d+) different; the last (?<held>[\\d,]+) are held out\\. " +
          "Guessing by how often each one stands in it costs (?<bits>.+) bits per character\\.$",
      ),
      (one, { characters, symbols, held, bits }) => {
        const found = of(one);
        const told = bits === "0 exactly" ? 0 : Number(bits);
        return (
          found?.task === "char" &&
          characters === grouped(found.characters ?? -1) &&
          Number(symbols) === Array.from(found.symbols ?? "").length &&
          held === grouped(found.held_out) &&
          Math.abs(told - (found.bpc ?? -1)) <= 0.005
        );
      },
    ],
    [
      new RegExp(
        "^(?<rows>\\d+) × (?<columns>\\d+) pixels(?<colours> in 3 colours)?, so T is (?<T>\\d+): " +
          "(?<training>[\\d,]+) images? to train on, (?<held>[\\d,]+) held out; " +
          "(?<count>\\d+) class(es)? \\((?<names>.*)\\)\\.$",
      ),
      (one, { rows, columns, colours, T, training, held, count, names }) => {
        const found = of(one);
        const [height, width, channels] = found?.shape ?? [];
        const classes = found?.classes ?? [];
        const told = names.split(", ");
        const cut = told.at(-1) === "…";
        return (
          found?.task === "pixels" &&
          Number(rows) === height &&
          Number(columns) === width &&
          Boolean(colours) === (channels === 3) &&
          Number(T) === height * width &&
          training === grouped(found.training) &&
          held === grouped(found.held_out) &&
          Number(count) === classes.length &&
          cut === classes.length > 10 &&
          (cut ? told.slice(0, -1) : told).every((name, at) => name === classes[at])
        );
      },
    ],
  ],
});

sceptic("its licence", {
  place: LICENCE,
  cases: CASES,
  facts: ({ sets, name }) => dataFacts(sets, name),
  known: [
    nothing((one) => !of(one)),
    [/^Licence: (?<licence>.+)\.$/, (one, { licence }) => of(one)?.licence === licence],
    [
      /^It was sent to this server, which knows nothing of its licence\.$/,
      (one) => of(one)?.origin === "sent" && of(one)?.licence === "",
    ],
    [
      /^Of its licence nothing is known here\.$/,
      (one) => Boolean(of(one)) && of(one)?.licence === "" && of(one)?.origin !== "sent",
    ],
  ],
});

sceptic("a file that is not sent", {
  place: REFUSALS,
  cases: [0, 1, MOST_TEXT_BYTES, MOST_TEXT_BYTES + 1, 3 * MOST_TEXT_BYTES].map((size) => ({ name: "a b.txt", size })),
  facts: fileFacts,
  known: [
    nothing(({ size }) => size > 0 && size <= 16 * 1024 * 1024),
    [/^a b\.txt is empty: there is nothing to read; choose another file\.$/, ({ size }) => size === 0],
    [
      new RegExp(
        "^a b\\.txt has (?<size>\\d+) MiB, at most 16 MiB can be sent; " +
          "sab train --set task\\.data=PATH reads larger ones\\.$",
      ),
      ({ size }, told) => size > 16 * 2 ** 20 && Number(told.size) === Math.ceil(size / 2 ** 20),
    ],
  ],
});

sceptic("a text on its way", {
  place: SENDING,
  cases: [0, 0.004, 0.5, 0.999, 1].map((share) => ({ share })),
  facts: ({ share }) => ({ name: "x", left: share >= 1, percent: String(Math.floor(100 * share)) }),
  known: [
    [/^The server reads x …$/, ({ share }) => share === 1],
    [
      /^Sending x: (?<percent>\d+) %$/,
      ({ share }, { percent }) => share < 1 && Number(percent) === Math.floor(share * 100),
    ],
  ],
});

sceptic("a text that has come", {
  place: ADDED,
  cases: [true, false].map((chosen) => ({ chosen })),
  facts: ({ chosen }) => ({ chosen, name: "x" }),
  known: [
    [/^x is on this server now, and chosen\.$/, ({ chosen }) => chosen],
    [/^x is on this server now; task char can read it\.$/, ({ chosen }) => !chosen],
  ],
});

test("the list has what the task can read; its own one is the empty value, and what is chosen stays", () => {
  const images = view({ data: "digits", task: "pixels", title: "digits of 8 × 8", shape: [8, 8, 1] });
  const poem = view({ data: `poem@${SHA}`, title: "poem.txt" });
  const twin = view({ data: `poem@${SHA.replaceAll("0", "f")}`, title: "poem.txt" });
  const sets = [view(), images, poem];
  assert.deepEqual(dataOptions(sets, "char", ""), [
    { value: "", words: "Hamlet" },
    { value: poem.data, words: "poem.txt" },
  ]);
  assert.deepEqual(dataOptions(sets, "pixels", ""), [{ value: "", words: "digits of 8 × 8" }]);
  const titles = dataOptions([...sets, twin], "char", "").map(({ words }) => words);
  assert.equal(new Set(titles).size, 3, "two texts of one title can be told apart");
  assert.deepEqual(dataOptions(sets, "char", `gone@${SHA}`).at(-1), {
    value: `gone@${SHA}`,
    words: "gone@01234567 (not here)",
  });
  assert.deepEqual(dataOptions(null, "char", ""), [{ value: "", words: "hamlet" }]);
});

test("a refusal of the server names the file once, and what to do", () => {
  const about = { field: "body", value: "x.txt", range: "a text in UTF-8", remedy: "is no text; save it as UTF-8" };
  const problem = { title: "", status: 422, detail: "all of it", errors: [about] };
  assert.equal(troubleOf("x.txt", problem), "x.txt: is no text; save it as UTF-8");
  assert.equal(troubleOf("x.txt", { ...problem, errors: undefined }), "all of it");
  assert.equal(refusalOf({ name: "x", size: 5 }), "");
  assert.equal(sending("x", 1), "The server reads x …");
  assert.equal(shortName("hamlet"), "hamlet");
  assert.equal(dataWords(null, "hamlet"), "");
});
