// The status line in words: what goes on, how far it is, what else is to be said. Pure.

import { grouped } from "../../draw/numbers.js";
import { MOST_PINS } from "../../state/reducers/kept.js";
import { presetInView, scrubbed } from "../../state/selectors/history.js";
import { countedUpdate } from "../../state/selectors/runs.js";
import { sharing } from "./sharing.js";

/**
 * @typedef {{said: string[], figures: string[], also: string[]}} StatusParts
 *   figures change all the time and are not read aloud
 */

/** @param {State} state */
const pinned = ({ pins }) => (pins.length ? `${pins.length} of ${MOST_PINS} steps pinned` : null);

/** @param {number} skipped */
export const skippedWords = (skipped) => `${grouped(skipped)} update${skipped === 1 ? "" : "s"} skipped`;

/**
 * @param {State} state
 * @param {Trace | null} trace
 * @param {PanelState} freshness
 * @param {number} now ms
 * @returns {StatusParts}
 */
export function statusParts(state, trace, freshness, now) {
  const { run, probe, link } = state;
  const waiting =
    probe.key && now - probe.since > 1000 ? `computing, ${Math.round((now - probe.since) / 1000)} s` : null;
  if (!run)
    return {
      said: words(waiting ?? (freshness === "stale" ? "computing" : stored(state, trace)), pinned(state), state.notice),
      figures: [],
      also: [],
    };
  const back = scrubbed(state);
  const age =
    state.liveAt && run.status === "running" ? `last frame ${((now - state.liveAt) / 1000).toFixed(1)} s ago` : null;
  const rate = run.status === "running" && run.updates_per_s ? `${Math.round(run.updates_per_s)} updates/s` : null;
  return {
    said: [statusWords(run)],
    figures: words(
      `update ${grouped(countedUpdate(state) ?? run.update)}`,
      rate,
      age,
      run.skipped ? `${skippedWords(run.skipped)} (gradient not finite)` : null,
    ),
    also: words(
      back !== null && back !== run.update ? `shown as it was at update ${grouped(back)}` : null,
      run.status === "paused" && run.update === 0 ? "press Resume to train" : null,
      link.status === "lost"
        ? `link lost, reconnecting${link.retryAt > now ? ` in ${Math.ceil((link.retryAt - now) / 1000)} s` : ""}`
        : null,
      run.status === "running" ? sharing(state) : null,
      waiting,
      pinned(state),
      state.notice,
    ),
  };
}

/** How far a run is, and why it waits or ended before its last update. @param {NonNullable<State["run"]>} run */
function statusWords({ status, waits, reason }) {
  if (status === "queued" && waits) return `queued, waits for ${waits}`;
  return status === "finished" && reason ? `finished: ${reason}` : status;
}

/** A network that does not train now. @param {State} state @param {Trace | null} trace */
function stored(state, trace) {
  if (!trace) return "opening";
  const back = scrubbed(state);
  const last = presetInView(state)?.update;
  if (back !== null && last && back < last) return `as it was at update ${grouped(back)} of ${grouped(last)}`;
  return trace.update === 0 ? "untrained network, update 0" : `trained network, update ${grouped(trace.update)}`;
}

/** @param {...(string | null)} parts @returns {string[]} those that are there */
const words = (...parts) => parts.flatMap((part) => part || []);

/**
 * All of it in one line.
 * @param {State} state
 * @param {Trace | null} trace
 * @param {PanelState} freshness
 * @param {number} now ms
 */
export function statusText(state, trace, freshness, now) {
  const { said, figures, also } = statusParts(state, trace, freshness, now);
  return [...said, ...figures, ...also].join(" · ");
}
