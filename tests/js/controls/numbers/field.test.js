// A field for a number as a person meets it: a stand-in for its element, and keys pressed in it.

import assert from "node:assert/strict";
import { test } from "node:test";

import { numberField } from "../../../../static/js/controls/numbers/field.js";
import { refusalWords } from "../../../../static/js/controls/numbers/read.js";

/** What a field needs of its element. */
class Element extends EventTarget {
  value = "5";
  disabled = false;
  readOnly = false;
  /** @type {Map<string, string>} */
  attributes = new Map();
  /** @param {string} name @param {string} value */
  setAttribute = (name, value) => void this.attributes.set(name, value);
  /** @param {string} name */
  removeAttribute = (name) => void this.attributes.delete(name);
}

/** @param {Partial<import("../../../../static/js/controls/numbers/field.js").Use>} more */
function bound(more = {}, range = {}) {
  const element = new Element();
  /** @type {(number | null)[]} */
  const taken = [];
  /** @type {string[]} */
  const said = [];
  const field = numberField(/** @type {any} */ (element), {
    wanted: () => ({ name: "k", low: 0, high: 10, whole: true, remedy: "5 is usual", ...range }),
    take: (value) => void taken.push(value),
    say: (refusal) => void said.push(refusal ? refusalWords(refusal) : ""),
    ...more,
  });
  const fire = (/** @type {string} */ type, more = {}) => {
    const event = Object.assign(new Event(type, { cancelable: true }), more);
    element.dispatchEvent(event);
    return event;
  };
  return {
    element,
    field,
    taken,
    said,
    type(/** @type {string} */ text) {
      element.value = text;
      fire("input");
    },
    press: (/** @type {string} */ key, more = {}) => fire("keydown", { key, ...more }).defaultPrevented,
    leave: () => fire("blur"),
    wrong: () => element.attributes.get("aria-invalid") === "true",
    told: () => ["min", "max", "now"].map((name) => element.attributes.get(`aria-value${name}`) ?? null),
  };
}

test("nothing is taken, judged or rewritten while it is typed, also when the value in force moves", () => {
  const { element, field, taken, said, type, wrong, press } = bound();
  for (const text of ["", "1", "1x", "12"]) type(text);
  field.show(7);
  assert.deepEqual([element.value, taken, said, wrong()], ["12", [], [], false]);
  press("Escape");
  assert.equal(element.value, "7", "the last good value is the one in force now");
});

test("Enter and leaving take it once, and write it as the page does", () => {
  for (const end of /** @type {const} */ (["press", "leave"])) {
    const one = bound();
    one.type(" 007 ");
    one[end]("Enter");
    one.leave();
    assert.deepEqual([one.element.value, one.taken, one.wrong()], ["7", [7], false]);
  }
});

test("what does not fit stays, is marked and said, and changes nothing, until it is put right", () => {
  const { element, taken, said, type, press, wrong, leave } = bound();
  type("99");
  press("Enter");
  leave();
  assert.deepEqual([element.value, taken, wrong()], ["99", [], true]);
  assert.deepEqual(said, ["k = 99: 0 … 10, whole number; 5 is usual"]);
  type("98");
  assert.equal(said.at(-1), "k = 98: 0 … 10, whole number; 5 is usual");
  type("9");
  assert.deepEqual([said.at(-1), wrong(), taken], ["", false, []]);
  press("Enter");
  assert.deepEqual(taken, [9]);
});

test("Esc brings the last good value back, and is left to a dialog when there is nothing to bring back", () => {
  const { element, taken, said, type, press, wrong } = bound();
  assert.equal(press("Escape"), false);
  type("99");
  press("Enter");
  assert.equal(press("Escape"), true);
  assert.deepEqual([element.value, wrong(), said.at(-1), taken], ["5", false, "", []]);
  assert.equal(press("Escape"), false);
  type("4");
  assert.equal(press("Escape"), true);
  assert.deepEqual([element.value, taken], ["5", []]);
});

test("a value in force that moves takes the place of a refused one, and one that stays does not", () => {
  let forgotten = 0;
  const { element, field, said, type, press, wrong } = bound({ forget: () => void (forgotten += 1) });
  type("x");
  press("Enter");
  field.show(5);
  assert.deepEqual([element.value, wrong()], ["x", true]);
  field.show(6);
  assert.deepEqual([element.value, wrong(), forgotten], ["6", false, 1]);
  assert.equal(said.length, 1, "who forgets by himself is told nothing");
});

test("arrows step from what stands there, else from the last good value, and stay in the range", () => {
  const { element, taken, type, press, wrong } = bound();
  assert.equal(press("ArrowUp"), true);
  type("8");
  press("ArrowDown");
  press("ArrowUp", { shiftKey: true });
  assert.deepEqual([element.value, taken], ["10", [6, 7, 10]]);
  type("x");
  press("Enter");
  press("ArrowDown");
  assert.deepEqual([element.value, wrong()], ["9", false]);
  element.disabled = true;
  press("ArrowDown");
  assert.equal(taken.at(-1), 9);
});

test("an empty field is nothing where that is allowed, and refused elsewhere", () => {
  const free = bound({}, { empty: true });
  free.type("");
  free.press("Enter");
  assert.deepEqual([free.taken, free.element.value], [[null], ""]);
  const held = bound();
  held.type("");
  held.press("Enter");
  assert.deepEqual([held.taken, held.said], [[], ["k = nothing: 0 … 10, whole number; 5 is usual"]]);
});

test("a live field counts while it is typed, and goes back to what it was before", () => {
  const { element, said, taken, type, press, wrong, leave } = bound({ live: true });
  type("7");
  type("7x");
  assert.deepEqual(
    [wrong(), said.at(-1)],
    [true, "k = 7x: 0 … 10, whole number; write digits, as 7 or 7,000; 5 is usual"],
  );
  press("Escape");
  assert.deepEqual([element.value, wrong(), taken], ["5", false, [5]]);
  type("6");
  assert.equal(press("Escape"), false, "a text that fits is in force");
  leave();
  type("08");
  leave();
  assert.deepEqual([element.value, taken], ["8", [5, 8]]);
  type("x");
  press("Escape");
  assert.equal(element.value, "8");
});

test("settle takes what was typed, and says whether it fits", () => {
  const { field, type, taken } = bound();
  assert.equal(field.settle(), true);
  type("x");
  assert.equal(field.settle(), false);
  assert.equal(field.settle(), false, "it still stands there");
  type("3");
  assert.equal(field.settle(), true);
  field.set("99");
  assert.deepEqual([field.settle(), taken], [true, [3]]);
});

test("a screen reader is told a spin button with its range and the value in force", () => {
  let high = 10;
  const { element, type, press, told, field } = bound({
    wanted: () => ({ name: "k", low: 1, high, whole: false, remedy: "", words: { all: 10 }, empty: true }),
  });
  assert.equal(element.attributes.get("role"), "spinbutton");
  assert.equal(element.attributes.get("inputmode"), "decimal");
  assert.deepEqual(told(), ["1", "10", "5"]);
  type("2,5");
  assert.deepEqual(told(), ["1", "10", "5"]);
  press("Enter");
  assert.deepEqual(told(), ["1", "10", "2.5"]);
  high = 4;
  element.dispatchEvent(new Event("focus"));
  assert.deepEqual(told(), ["1", "4", "2.5"]);
  field.show(null);
  assert.deepEqual(told(), ["1", "4", null]);
  assert.equal(bound().element.attributes.get("inputmode"), "numeric");
});
