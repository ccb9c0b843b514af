// The bar under the headline: preset, the run's buttons, the scrubber, Follow.

import { createScrubber } from "../controls/scrubber.js";
import { listSnapshots } from "../drivers/snapshots.js";
import { find, html, whenChanged } from "../draw/layers/dom.js";
import { sayFor } from "../drivers/notices.js";
import { createPlayback } from "../drivers/playback.js";
import { baseTrace, isLive } from "../state/selectors.js";
import { story } from "../state/shown.js";
import { historyNote, isAway } from "../state/selectors/history.js";
import {
  branchHint,
  countedUpdate,
  distinctNames,
  otherThanPreset,
  presetNote,
  resetHint,
  trainHint,
  trainWish,
} from "../state/selectors/runs.js";

/** So long the line tells of the run that goes on out of view. */
const SAY_MS = 8000;
const BRANCH = "a branch has the weights and the data of its parent: start a new run for another seed";
const AGAIN = new Set(["stopped", "failed", "interrupted"]);

/**
 * @typedef {ReturnType<typeof import("../drivers/commands.js").createCommands>} Commands
 * @typedef {ReturnType<typeof toolbarParts>} Toolbar
 */

/**
 * @param {Store} store
 * @param {Commands} commands
 * @returns {import("../draw/painter.js").Panel}
 */
export function createToolbar(store, commands) {
  const bar = toolbarParts();
  createPlayback(store, bar.scrubber.player);
  listenToButtons(bar, store, commands);
  bar.presets.addEventListener("change", () => commands.open({ kind: "preset", id: bar.presets.value }));
  bar.scrubber.addEventListener("input", () => store.dispatch({ type: "view/update", update: bar.scrubber.value }));
  bar.follow.addEventListener("change", () => {
    store.dispatch({ type: "view/follow", on: bar.follow.checked });
    if (!bar.follow.checked) listSnapshots(store);
  });
  return {
    every: 100,
    together: true,
    paint(state) {
      paintPresets(bar, state);
      paintButtons(bar, state);
      paintHistory(bar, state);
    },
  };
}

function toolbarParts() {
  const button = (/** @type {string} */ id) => /** @type {HTMLButtonElement} */ (find(`#${id}`));
  const scrubber = createScrubber();
  find("#scrubber").append(scrubber);
  return {
    presets: /** @type {HTMLSelectElement} */ (find("select[name=preset]")),
    presetsChanged: whenChanged(),
    train: button("train"),
    pause: button("pause"),
    step: button("step"),
    stop: button("stop"),
    reset: button("reset"),
    reseed: button("reseed"),
    branch: button("branch"),
    starting: false,
    scrubber,
    follow: /** @type {HTMLInputElement} */ (find("input[name=follow]")),
    note: find("#scrubber-note"),
  };
}

/** @param {Toolbar} bar @param {Store} store @param {Commands} commands */
function listenToButtons(bar, store, commands) {
  const { train, pause } = bar;
  train.addEventListener("click", async () => {
    [bar.starting, train.disabled] = [true, true];
    await start(store, commands);
    [bar.starting, train.disabled] = [false, false];
  });
  pause.addEventListener("click", () => commands.run(pause.dataset.does === "resume" ? "resume" : "pause"));
  for (const type of /** @type {const} */ (["step", "stop", "reset", "reseed"]))
    bar[type].addEventListener("click", () => commands.run(type));
}

/** @param {Toolbar} bar @param {State} state */
function paintPresets({ presets, presetsChanged }, state) {
  const other = otherThanPreset(state);
  if (presetsChanged(state.presets, other))
    presets.replaceChildren(
      ...(other ? [html("option", { value: "", disabled: true }, other)] : []),
      ...(state.presets ?? []).map(option),
    );
  const picked = other ? "" : state.preset;
  presets.disabled = isAway(state);
  if (picked !== null && presets.value !== picked) presets.value = picked;
}

/** @param {Toolbar} bar @param {State} state */
function paintButtons({ train, pause, step, stop, reset, reseed, branch, starting }, state) {
  const { run } = state;
  const { beside, hint } = trainHint(state);
  train.classList.toggle("primary", !beside);
  train.disabled = starting || trainWish(state) === null;
  train.title = hint;
  reset.title = resetHint(run, "same seed");
  reseed.title = run?.parent ? BRANCH : resetHint(run, "next seed");
  const status = run?.status ?? "";
  const resumes = status === "paused" || AGAIN.has(status);
  pause.dataset.does = resumes ? "resume" : "pause";
  pause.textContent = resumes ? "Resume" : "Pause";
  pause.disabled = !run || !(status === "running" || resumes);
  step.disabled = !run || !(status === "running" || status === "paused");
  stop.disabled = !isLive(state);
  const from = branchHint(state);
  branch.disabled = !from.can;
  branch.title = from.hint;
  reset.disabled = !run || status === "queued";
  reseed.disabled = reset.disabled || run?.parent !== null;
}

/** @param {Toolbar} bar @param {State} state */
function paintHistory({ scrubber, follow, note }, state) {
  follow.checked = state.follow;
  follow.disabled = !state.run && state.snapshots.length === 0;
  const shown = state.follow
    ? (baseTrace(state)?.update ?? countedUpdate(state) ?? story(state).trace?.update ?? 0)
    : state.update;
  scrubber.show({
    updates: state.snapshots,
    value: shown,
    frozen: !state.follow && isLive(state),
    playing: state.playing,
  });
  const words = historyNote(state);
  note.hidden = !words;
  if (note.textContent !== words) note.textContent = words;
}

/** @param {Preset} preset */
const option = (preset) =>
  html(
    "option",
    { value: preset.name, title: `${preset.description}${measured(preset)}` },
    preset.title + presetNote(preset),
  );

/** @param {Preset} preset */
function measured({ learning }) {
  if (!learning) return "";
  const { reached, of, seconds } = learning;
  return ` Measured: ${reached} of ${of} seeds learn it${seconds === null ? "." : "; the seconds are their median."}`;
}

/** @param {Store} store @param {Commands} commands */
async function start(store, commands) {
  const before = store.get();
  const wish = trainWish(before);
  if (!wish) return;
  const problem = await commands.train(wish);
  if (problem) return store.dispatch({ type: "problem", problem });
  if (!before.run || !isLive(before)) return;
  sayFor(store, `“${distinctNames(before.runs).get(before.run.id) ?? before.run.name}” goes on too: see Runs`, SAY_MS);
}
