// The status line in words: what goes on, how far it is, what else is to be said. Pure.

import { counted, grouped, readable } from "../../draw/numbers.js";
import { say } from "../../draw/say.js";
import { MOST_PINS } from "../../state/reducers/kept.js";
import { presetInView, scrubbed } from "../../state/selectors/history.js";
import { countedUpdate } from "../../state/selectors/runs.js";
import { probeKey, wantedProbe } from "../../state/selectors.js";
import { ALARM, BACK, RATE, RUN, STORED } from "./line.js";
import { sharing } from "./sharing.js";

/**
 * @typedef {{said: string[], figures: string[], also: string[]}} StatusParts
 *   figures change all the time and are not read aloud
 */

/** @param {State} state */
const pinned = ({ pins }) => (pins.length ? `${pins.length} of ${MOST_PINS} steps pinned` : null);

/** @param {number} skipped */
export const skippedWords = (skipped) => `${counted(skipped, "update")} skipped`;

/**
 * @param {State} state
 * @param {Trace | null} trace
 * @param {PanelState} freshness
 * @param {number} now ms
 * @returns {StatusParts}
 */
export function statusParts(state, trace, freshness, now) {
  const { run, probe, link } = state;
  // What was refused is told for as long as it is what the view asks.
  const asked = state.recorded && probe.problem && probe.failedKey === probeKey(wantedProbe(state));
  const unheld = asked ? probe.problem?.detail : null;
  const waiting =
    probe.key && now - probe.since > 1000 ? `computing, ${Math.round((now - probe.since) / 1000)} s` : null;
  if (!run)
    return {
      said: words(
        unheld ?? waiting ?? (freshness === "stale" ? "computing" : say(STORED, shownFacts(state, trace))),
        pinned(state),
        state.notice,
      ),
      figures: [],
      also: words(linkWords(link, now)),
    };
  const age =
    state.liveAt && run.status === "running" ? `last frame ${((now - state.liveAt) / 1000).toFixed(1)} s ago` : null;
  const told = { ...runFacts(run), ...shownFacts(state, trace) };
  return {
    said: [say(RUN, told)],
    figures: words(
      `update ${grouped(countedUpdate(state) ?? run.update)}`,
      say(RATE, told),
      age,
      run.skipped ? `${skippedWords(run.skipped)} (gradient not finite)` : null,
    ),
    also: words(
      say(BACK, told),
      run.status === "paused" && run.update === 0 ? "press Resume to train" : null,
      linkWords(link, now),
      run.status === "running" ? sharing(state) : null,
      unheld ?? waiting,
      pinned(state),
      state.notice,
    ),
  };
}

/** What is wrong with the link. @param {State["link"]} link @param {number} now ms */
function linkWords({ status, retryAt, away }, now) {
  if (status !== "lost" && !away) return null;
  const then = retryAt > now ? ` in ${Math.ceil((retryAt - now) / 1000)} s` : "";
  return away ? `the server does not answer, asking again${then}` : `link lost, reconnecting${then}`;
}

/** How far a run is. @param {NonNullable<State["run"]>} run @returns {import("../../draw/say.js").Facts} */
export const runFacts = ({ status, waits, reason, updates_per_s: rate }) => ({
  ...{ status, finished: status === "finished", reason: reason ?? "" },
  waits: status === "queued" ? (waits ?? "") : "",
  // What is slow is not told as nothing.
  rate: status === "running" && rate ? (rate >= 9.5 ? String(Math.round(rate)) : readable(rate, 2)) : "",
});

/**
 * What is shown of it.
 * @param {State} state @param {Trace | null} trace @returns {import("../../draw/say.js").Facts}
 */
export function shownFacts(state, trace) {
  const back = scrubbed(state);
  const last = state.run ? state.run.update : presetInView(state)?.update;
  const past = back !== null && (state.run ? back !== last : Boolean(last) && back < (last ?? 0));
  return {
    ...{ shown: trace !== null, trained: trace !== null && trace.update > 0, there: trace?.update === back },
    ...{ back: past ? grouped(back) : "", last: grouped(last ?? 0), update: grouped(trace?.update ?? 0) },
  };
}

/** What went wrong. @param {State} state @returns {import("../../draw/say.js").Facts} */
export function alarmFacts({ run, problem, probe, target }) {
  const status = target?.kind === "run" ? run?.status : undefined;
  const reason = run?.reason ? `: ${run.reason}` : "";
  return {
    problem: problem?.detail ?? (probe.problem?.status === 0 ? probe.problem.detail : ""),
    ...{ run: status !== undefined, stored: Boolean(run?.checkpoint) },
    ...{ diverged: status === "diverged", failed: status === "failed", interrupted: status === "interrupted" },
    held: status === "paused" && reason !== "",
    stalled: (status !== undefined && run?.stalled) || "",
    missing: (status !== undefined && run?.missing) || "",
    reason: status === "diverged" ? reason.replace(/^: update/, " at update") : reason,
  };
}

/** What went wrong, why, and what to do; null where nothing did. @param {State} state */
export const alarmText = (state) => say(ALARM, alarmFacts(state)) || null;

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
