// The status line (its words polite and at most once a second, its figures with every picture), the headline, and
// problems stated in place.

import { find, whenChanged } from "../draw/layers/dom.js";
import { isLive } from "../state/selectors.js";
import { isAway } from "../state/selectors/history.js";
import { story } from "../state/shown.js";
import { headline } from "../panels/story/headline.js";
import { alarmText, statusParts } from "./words/status.js";

const SPEAK_EVERY_MS = 1000;

/**
 * @param {() => void} again asks for a paint later, so that ages go on
 * @returns {import("../draw/painter.js").Panel}
 */
export function createStatus(again) {
  const line = find("[role=status]");
  const [said, figures, also] = line.children;
  const dot = find("#dot");
  const alarm = find("#alarm");
  const title = find("#headline");
  const answer = find("#answer");
  setInterval(again, SPEAK_EVERY_MS);
  let spokenAt = -Infinity;
  const retold = whenChanged();
  return {
    every: 0,
    together: true,
    paint(state, now) {
      const { trace, state: freshness } = story(state);
      if (retold(trace)) {
        const words = headline(trace);
        set(title, words.title);
        set(answer, words.answer);
      }
      const lost = isAway(state) || (state.link.status === "lost" && isLive(state));
      dot.dataset.status = lost ? "lost" : (state.run?.status ?? "preset");
      const trouble = alarmText(state);
      alarm.hidden = !trouble;
      set(alarm.firstElementChild ?? alarm, trouble ?? "");
      const parts = statusParts(state, trace, freshness, performance.now());
      // They agree with the pictures and with the other counters of this frame, and are not read aloud.
      set(figures, joined(parts.figures));
      const first =
        spokenAt === -Infinity ||
        line.dataset.target !== targetName(state) ||
        line.dataset.status !== state.run?.status;
      if (!first && now - spokenAt < SPEAK_EVERY_MS) return;
      spokenAt = now;
      line.dataset.target = targetName(state);
      line.dataset.status = state.run?.status ?? "";
      set(said, parts.said.join(" · "));
      set(also, joined(parts.also));
    },
  };
}

/** @param {Element} element @param {string} text */
function set(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** @param {State} state */
const targetName = (state) => `${state.target?.kind} ${state.target?.id}`;

/** @param {string[]} parts */
const joined = (parts) => parts.map((part) => ` · ${part}`).join("");
