// The view as a short link: state → hash and back, one row of a table per thing that travels. Names are those of the
// API. What is as it was in the beginning is left out; what a link spells wrongly is left out too, never guessed. Pure.

import { PROBE_EXAMPLES, PROBE_KNOBS } from "../wire/contract.js";
import { INITIAL } from "./reducer.js";
import { MOST_PINS } from "./reducers/kept.js";
import { newBaseline } from "./reducers/baseline.js";
import { plain, flag, fraction, identifier, network, pairs, range, whole, wholes, word } from "./url_spelling.js";

/**
 * One thing that travels: its name and the keys of the state it lives in. `said` gives null for what need not be said;
 * `heard` gives the part of the state that a text changes, null for one that is not as it should be.
 * @typedef {{name: string, keys: (keyof State)[], said: (state: State) => string | null,
 *   heard: (text: string, state: State) => Partial<State> | null}} Row
 */

/** @type {Target["kind"][]} */
const TARGETS = ["run", "preset", "checkpoint"];

/** Letters of a value that are repeated when it is not understood. */
const MOST_QUOTED = 24;

/** Knocked-out arcs, each up to eight characters, so that the link stays short. */
const MOST_KNOCKED_OUT = 100;

/**
 * A row from the spelling of its value, and how that is taken from the state and put into it.
 * @template T
 * @param {{name: string, keys: (keyof State)[], spelling: import("./url_spelling.js").Spelling<T>,
 *   take: (state: State) => T | null, put: (value: T, state: State) => Partial<State>}} parts
 * @returns {Row}
 */
const row = ({ name, keys, spelling, take, put }) => ({
  name,
  keys,
  said(state) {
    const value = take(state);
    return value === null ? null : spelling.text(value);
  },
  heard(text, state) {
    const value = spelling.value(text);
    return value === null ? null : put(value, state);
  },
});

/** @param {ProbeKnob} name */
const knob = (name) =>
  row({
    name,
    keys: ["knobs"],
    spelling: whole(),
    take: ({ knobs }) => knobs.override[name] ?? null,
    put: (value, { knobs }) => ({ knobs: { ...knobs, override: { ...knobs.override, [name]: value } } }),
  });

/** @type {Row[]} in the order in which they stand in the link */
const ROWS = [
  row({
    name: "update",
    keys: ["follow", "update"],
    spelling: whole(),
    take: ({ follow, update }) => (follow ? null : update),
    put: (update) => ({ follow: false, update }),
  }),
  row({
    name: "example",
    keys: ["example"],
    spelling: whole(0, PROBE_EXAMPLES - 1),
    take: ({ example }) => example || null,
    put: (example) => ({ example }),
  }),
  row({ name: "own", keys: ["own"], spelling: plain(400), take: ({ own }) => own, put: (own) => ({ own }) }),
  row({
    name: "whole",
    keys: ["choice"],
    spelling: flag,
    take: ({ choice }) => choice.whole || null,
    put: (on, { choice }) => ({ choice: { ...choice, whole: on } }),
  }),
  row({
    name: "loss_step",
    keys: ["choice"],
    spelling: whole(),
    take: ({ choice }) => choice.step,
    put: (step, { choice }) => ({ choice: { ...choice, step } }),
  }),
  row({
    name: "memory",
    keys: ["choice"],
    spelling: whole(-1),
    take: ({ choice }) => choice.memory,
    put: (memory, { choice }) => ({ choice: { ...choice, memory } }),
  }),
  row({
    name: "pins",
    keys: ["pins"],
    spelling: wholes(MOST_PINS),
    take: ({ pins }) => (pins.length ? pins : null),
    put: (pins) => ({ pins: [...new Set(pins)] }),
  }),
  row({
    name: "range",
    keys: ["range"],
    spelling: pairs(1),
    take: ({ range }) => range && [range],
    put: ([range]) => (range[0] <= range[1] ? { range } : {}),
  }),
  row({
    name: "share",
    keys: ["share"],
    spelling: fraction,
    take: ({ share }) => (share === INITIAL.share ? null : share),
    put: (share) => ({ share }),
  }),
  ...PROBE_KNOBS.map(knob),
  row({
    name: "ko",
    keys: ["knockouts"],
    spelling: pairs(MOST_KNOCKED_OUT),
    take: ({ knockouts }) => (knockouts.out.length ? knockouts.out.slice(0, MOST_KNOCKED_OUT) : null),
    put: (out, { knockouts }) => ({
      knockouts: { ...knockouts, out: out.filter(([reader, source]) => source < reader) },
    }),
  }),
  row({
    name: "scale",
    keys: ["scale"],
    spelling: word(["each"]),
    take: ({ scale }) => (scale.each ? "each" : null),
    put: (_, { scale }) => ({ scale: { ...scale, each: true } }),
  }),
  row({
    name: "lock",
    keys: ["scale"],
    spelling: range,
    take: ({ scale }) => scale.locked,
    put: (locked, { scale }) => ({ scale: { ...scale, locked } }),
  }),
  row({
    name: "span",
    keys: ["span"],
    spelling: pairs(1),
    take: ({ span }) => span && [/** @type {Pair} */ ([span.from, span.to])],
    put: ([[from, to]]) => (from < to ? { span: { from, to } } : {}),
  }),
  row({
    name: "baseline",
    keys: ["baseline"],
    spelling: network,
    take: ({ baseline }) => (baseline?.attempt === undefined ? (baseline?.target ?? null) : null),
    put: (target) => ({ baseline: newBaseline(target, target.id) }),
  }),
  row({
    name: "difference",
    keys: ["difference"],
    spelling: flag,
    take: ({ difference }) => difference || null,
    put: (difference) => ({ difference }),
  }),
  row({ name: "cell", keys: ["cell"], spelling: flag, take: ({ cell }) => cell || null, put: (cell) => ({ cell }) }),
];

/** A person's own until a link names one, hence no key that a link without it would set back. */
const THEME = row({
  name: "theme",
  keys: [],
  spelling: word(["auto", "light", "dark"]),
  take: ({ theme }) => (theme === INITIAL.theme ? null : theme),
  put: (theme) => ({ theme }),
});
const ALL = [...ROWS, THEME];

/**
 * @param {State} state
 * @param {{theme?: boolean}} options whether the theme travels along
 * @returns {string} without the leading #
 */
export function toHash(state, { theme = false } = {}) {
  const out = new URLSearchParams();
  if (state.target) out.set(state.target.kind, state.target.id);
  for (const { name, said } of theme ? ALL : ROWS) {
    const text = said(state);
    if (text !== null) out.set(name, text);
  }
  return out.toString();
}

/** What a short link has no room for, in words: nobody shall send a picture that is not theirs. @param {State} state */
export function leftOut({ knockouts: { out } }) {
  return out.length > MOST_KNOCKED_OUT
    ? `; it holds the first ${MOST_KNOCKED_OUT} of ${out.length} knocked-out arcs`
    : "";
}

/**
 * @param {string} hash with or without #
 * @returns {{target: Target | null, view: Partial<State>, unread: string[]}} what the link does not say is as in the
 *   beginning; `unread` is what it spells wrongly, as it stands there
 */
export function fromHash(hash) {
  const params = new URLSearchParams(hash.replace(/^#/, ""));
  /** @type {Partial<State>} */
  let view = Object.fromEntries(ROWS.flatMap(({ keys }) => keys.map((key) => [key, INITIAL[key]])));
  const unread = [];
  for (const { name, heard } of ALL) {
    const text = params.get(name);
    const change = text === null ? null : heard(text, { ...INITIAL, ...view });
    if (change !== null) view = { ...view, ...change };
    else if (text !== null) unread.push(`${name} = ${text.slice(0, MOST_QUOTED)}`);
  }
  return { target: target(params), view, unread };
}

/** @param {URLSearchParams} params @returns {Target | null} */
function target(params) {
  for (const kind of TARGETS) {
    const id = identifier.value(params.get(kind) ?? "");
    if (id) return { kind, id };
  }
  return null;
}
