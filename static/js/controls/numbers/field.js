// Binds a field for a number. What is typed stays as it is until Enter or the next field takes it; what does not fit
// stays too, is marked and said, and Esc brings the last good value back.

import { meaningOf, stepped } from "./press.js";
import { readNumber, refusalWords } from "./read.js";

/**
 * @typedef {import("./read.js").Wanted} Wanted
 * @typedef {import("./read.js").Refusal} Refusal
 * @typedef {object} Use
 * @property {() => Wanted} wanted what fits now
 * @property {(value: number | null, how: "typed" | "stepped") => void} take a value that fits; null of an empty field
 * @property {(refusal: Refusal | null) => void} say why what was typed is refused; null takes that back
 * @property {() => void} [edited] it is being typed
 * @property {() => void} [forget] another value came in force while a refused one stood there; else `say(null)`
 * @property {boolean} [live] what is typed counts at once, whenever it fits
 *
 * @typedef {{show: (value: number | string | null) => void, set: (text: string) => void, settle: () => boolean,
 *   element: HTMLInputElement}} NumberField
 *   `show` shows the value in force, unless a person is typing; `set` writes a text whatever stands there; `settle`
 *   takes what was typed, and answers whether it fits
 * @typedef {{input: HTMLInputElement, use: Use, good: string, typing: boolean, wrong: boolean}} Bound
 */

/**
 * @param {HTMLInputElement} input @param {Use} use
 * @returns {NumberField}
 */
export function numberField(input, use) {
  /** @type {Bound} */
  const bound = { input, use, good: input.value, typing: false, wrong: false };
  dress(bound);
  input.addEventListener("focus", () => tellValue(bound));
  input.addEventListener("input", () => typed(bound));
  input.addEventListener("keydown", (event) => pressed(bound, event));
  for (const end of ["change", "blur"]) input.addEventListener(end, () => settle(bound));
  return {
    element: input,
    show: (value) => show(bound, value === null ? "" : String(value)),
    set: (text) => write(bound, text),
    settle: () => settle(bound),
  };
}

/** A note beside a field, for `say`. @param {HTMLElement} note @returns {(refusal: Refusal | null) => void} */
export const beside = (note) => (refusal) => {
  note.hidden = refusal === null;
  note.textContent = refusal ? refusalWords(refusal) : "";
};

/** What a screen reader is told of it, and the keys of a phone. @param {Bound} bound */
function dress(bound) {
  const own = { role: "spinbutton", autocomplete: "off", spellcheck: "false" };
  const keys = { inputmode: bound.use.wanted().whole ? "numeric" : "decimal" };
  for (const [name, value] of Object.entries({ ...own, ...keys })) bound.input.setAttribute(name, value);
  tellValue(bound);
}

/** A number without an exponent: what is told of a range knows none. @param {number} number */
function decimal(number) {
  const text = String(number);
  if (!text.includes("e")) return text;
  return Math.abs(number) > 1 ? String(BigInt(number)) : number.toFixed(20).replace(/0+$/, "");
}

/** The range as it is now, and the value in force. @param {Bound} bound */
function tellValue({ input, use, good }) {
  const wanted = use.wanted();
  const { value } = readNumber(good, wanted);
  const told = { "aria-valuemin": wanted.low, "aria-valuemax": wanted.high, "aria-valuenow": value };
  for (const [name, number] of Object.entries(told))
    if (number === null) input.removeAttribute(name);
    else input.setAttribute(name, decimal(number));
}

/** @param {Bound} bound @param {Refusal | null} refusal */
function judge(bound, refusal) {
  bound.wrong = refusal !== null;
  bound.input.setAttribute("aria-invalid", String(bound.wrong));
  bound.use.say(refusal);
}

/** While it is typed, only what was refused already is judged anew. @param {Bound} bound */
function typed(bound) {
  const { input, use } = bound;
  bound.typing = true;
  use.edited?.();
  if (!bound.wrong && !use.live) return;
  judge(bound, readNumber(input.value, use.wanted()).refusal);
}

/** Take what was typed; whether it fits. @param {Bound} bound */
function settle(bound) {
  const { input, use } = bound;
  if (!bound.typing) return !bound.wrong;
  bound.typing = false;
  const { value, refusal } = readNumber(input.value, use.wanted());
  if (refusal) judge(bound, refusal);
  else take(bound, value);
  return !refusal;
}

/** @param {Bound} bound @param {number | null} value that was typed, and fits */
function take(bound, value) {
  const { input, use } = bound;
  const text = value === null ? "" : String(value);
  const counts = use.live && input.value === text;
  bound.good = text;
  // It was judged already, just as it was typed, and the server may have said more of it.
  if (counts) return tellValue(bound);
  write(bound, text);
  use.say(null);
  use.take(value, "typed");
}

/** @param {Bound} bound @param {string} text that is good */
function write(bound, text) {
  const { input } = bound;
  [bound.typing, bound.wrong, bound.good] = [false, false, text];
  if (input.value !== text) input.value = text;
  input.setAttribute("aria-invalid", "false");
  tellValue(bound);
}

/** @param {Bound} bound @param {string} text of the value in force */
function show(bound, text) {
  const moved = text !== bound.good;
  if (bound.typing) bound.good = text;
  if (bound.typing || (bound.wrong && !moved)) return;
  const { wrong, use } = bound;
  write(bound, text);
  if (wrong) (use.forget ?? (() => use.say(null)))();
}

/** @param {Bound} bound @param {KeyboardEvent} event */
function pressed(bound, event) {
  const meaning = meaningOf(event);
  if (meaning === "take") settle(bound);
  else if (meaning === "back") goBack(bound, event);
  else if (meaning) {
    event.preventDefault();
    step(bound, meaning);
  }
}

/** @param {Bound} bound @param {{way: 1 | -1, fast: boolean}} by */
function step(bound, by) {
  const { input, use, good } = bound;
  if (input.disabled || input.readOnly) return;
  const wanted = use.wanted();
  const from = readNumber(input.value, wanted).value ?? readNumber(good, wanted).value ?? wanted.low;
  const next = stepped(from, by, wanted);
  write(bound, String(next));
  use.say(null);
  use.take(next, "stepped");
}

/** At its good value a field leaves the key to what is around it. @param {Bound} bound @param {Event} event */
function goBack(bound, event) {
  const { input, use, good } = bound;
  if (use.live ? !bound.wrong : input.value === good) return;
  event.preventDefault();
  event.stopPropagation();
  write(bound, good);
  use.edited?.();
  use.say(null);
  if (use.live) use.take(readNumber(good, use.wanted()).value, "typed");
}
