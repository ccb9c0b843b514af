// What of the view travels in a link, one row a thing. Names are those of the API. Pure.

import { MAX_STEPS, PROBE_EXAMPLES, PROBE_KNOBS } from "../../wire/contract.js";
import { INITIAL } from "../initial.js";
import { MOST_PINS } from "../reducers/kept.js";
import { newBaseline } from "../reducers/baseline.js";
import { typed, flag, fraction, network, pairs, range, whole, wholes, word } from "./spelling.js";

/** @typedef {import("./state.js").Row} Row */

/** Knocked-out arcs, each up to eight characters, so that the link stays short. */
export const MOST_KNOCKED_OUT = 100;

/**
 * A row from the spelling of its value, and how that is taken from the state and put into it.
 * @template T
 * @param {{name: string, keys: (keyof State)[], spelling: import("./spelling.js").Spelling<T>,
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
export const ROWS = [
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
  row({ name: "own", keys: ["own"], spelling: typed(MAX_STEPS), take: ({ own }) => own, put: (own) => ({ own }) }),
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
    name: "cuts",
    keys: ["cutting"],
    spelling: word(["window"]),
    take: ({ cutting }) => (cutting.cuts === "window" ? "window" : null),
    put: (_, { cutting }) => ({ cutting: { ...cutting, cuts: "window" } }),
  }),
  row({
    name: "phase",
    keys: ["cutting"],
    spelling: whole(0, MAX_STEPS - 1),
    take: ({ cutting }) => cutting.phase || null,
    put: (phase, { cutting }) => ({ cutting: { ...cutting, phase } }),
  }),
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
    take: ({ baseline }) => baseline?.target ?? null,
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
export const THEME = row({
  name: "theme",
  keys: [],
  spelling: word(["auto", "light", "dark"]),
  take: ({ theme }) => (theme === INITIAL.theme ? null : theme),
  put: (theme) => ({ theme }),
});
