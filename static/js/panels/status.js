// The status line (polite, at most once a second), the headline, and problems stated in place.

import { find } from "../layers/dom.js";
import { grouped } from "../numbers.js";
import { presetInView, scrubbed } from "../selectors/history.js";
import { MOST_PINS } from "../reducers/kept.js";
import { isLive, story } from "../selectors.js";
import { headline } from "../selectors/headline.js";

const SPEAK_EVERY_MS = 1000;

/**
 * @param {() => void} again asks for a paint later, so that ages go on
 * @returns {import("../painter.js").Panel}
 */
export function createStatus(again) {
  const line = find("[role=status]");
  const dot = find("#dot");
  const alarm = find("#alarm");
  const title = find("#headline");
  const answer = find("#answer");
  setInterval(again, SPEAK_EVERY_MS);
  let spokenAt = -Infinity;
  return {
    every: 0,
    together: true,
    paint(state, now) {
      const { trace, state: freshness } = story(state);
      const words = headline(trace);
      set(title, words.title);
      set(answer, words.answer);
      dot.dataset.status = state.link.status === "lost" && isLive(state) ? "lost" : (state.run?.status ?? "preset");
      const trouble = alarmText(state);
      alarm.hidden = !trouble;
      set(alarm.firstElementChild ?? alarm, trouble ?? "");
      const first = spokenAt === -Infinity || line.dataset.target !== targetName(state) || line.dataset.status !== state.run?.status;
      if (!first && now - spokenAt < SPEAK_EVERY_MS) return;
      spokenAt = now;
      line.dataset.target = targetName(state);
      line.dataset.status = state.run?.status ?? "";
      set(line, statusText(state, trace, freshness, Date.now()));
    },
  };
}

/** @param {Element} element @param {string} text */
function set(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** @param {State} state */
const targetName = (state) => `${state.target?.kind} ${state.target?.id}`;

/** @param {State} state */
const pinned = ({ pins }) => (pins.length ? `${pins.length} of ${MOST_PINS} steps pinned` : null);

/** @param {State} state @param {Trace | null} trace @param {PanelState} freshness @param {number} now ms */
export function statusText(state, trace, freshness, now) {
  const { run, probe, link } = state;
  const waiting = probe.key && now - probe.since > 1000 ? `computing, ${Math.round((now - probe.since) / 1000)} s` : null;
  if (!run) {
    const back = scrubbed(state);
    const last = presetInView(state)?.update;
    const shown = !trace ? "opening" : back !== null && last && back < last ? `as it was at update ${grouped(back)} of ${grouped(last)}` : trace.update === 0 ? "untrained network, update 0" : `trained network, update ${grouped(trace.update)}`;
    return [waiting ?? (freshness === "stale" ? "computing" : shown), pinned(state), state.notice].filter(Boolean).join(" · ");
  }
  const age = state.liveAt && run.status === "running" ? `last frame ${((now - state.liveAt) / 1000).toFixed(1)} s ago` : null;
  const rate = run.status === "running" && run.updates_per_s ? `${Math.round(run.updates_per_s)} updates/s` : null;
  return [
    run.status,
    `update ${grouped(run.update)}`,
    rate, age,
    run.skipped ? `${run.skipped} updates skipped (gradient not finite)` : null,
    link.status === "lost" ? `link lost, reconnecting${link.retryAt > now ? ` in ${Math.ceil((link.retryAt - now) / 1000)} s` : ""}` : null,
    waiting, pinned(state), state.notice,
  ].filter(Boolean).join(" · ");
}

/** What went wrong, why, and what to do. @param {State} state */
function alarmText({ run, problem, probe, target }) {
  if (problem) return problem.detail;
  if (probe.problem && probe.problem.status === 0) return probe.problem.detail;
  if (!run || target?.kind !== "run") return null;
  const reason = run.reason ? `: ${run.reason}` : "";
  // Its reason names the update and the remedy already.
  if (run.status === "diverged") return `The run diverged${reason.replace(/^: update/, " at update")}. Press Reset to begin anew.`;
  if (run.status === "failed") return `The run failed${reason}. Press Resume to go on from the last checkpoint, or Reset.`;
  if (run.status === "interrupted") return `The run was interrupted${reason}. Press Resume to go on from the last checkpoint.`;
  return null;
}
