// The view as a short link: state → hash and back, one row of a table per thing that travels. Names are those of the
// API. What is as it was in the beginning is left out; what a link spells wrongly is left out too, never guessed. Pure.

import { INITIAL } from "../initial.js";
import { identifier } from "./spelling.js";
import { MOST_KNOCKED_OUT, ROWS, THEME } from "./rows.js";

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

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/**
 * That nobody else can open the link, and what to send instead, in words; nothing for an address that others reach.
 * @param {string} host name of the page's @param {Pick<State, "target">} state
 */
export function hereOnly(host, { target }) {
  if (!LOOPBACK.test(host)) return "";
  return `; it opens on this computer only${target?.kind === "run" ? ": send others the bundle of the run" : ""}`;
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
export function target(params) {
  for (const kind of TARGETS) {
    const id = identifier.value(params.get(kind) ?? "");
    if (id) return { kind, id };
  }
  return null;
}
