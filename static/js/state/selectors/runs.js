// Words about runs: what each is called, what is in view, what Train would start, how far a run is. Pure.

import { grouped, readable } from "../../draw/numbers.js";
import { taskWords } from "../../draw/task_words.js";
import { JUDGED } from "../../wire/contract.js";

const LIVE = new Set(["queued", "running", "paused"]);
const MOVES = new Set(["running", "paused"]);

/**
 * A name for each run that no other has: of runs that share one, the later are numbered.
 * @param {RunView[]} runs newest first
 * @returns {Map<string, string>} by id
 */
export function distinctNames(runs) {
  const seen = /** @type {Map<string, number>} */ (new Map());
  return new Map(
    [...runs].reverse().map((run) => {
      const name = run.name || run.id;
      const times = (seen.get(name) ?? 0) + 1;
      seen.set(name, times);
      return [run.id, times === 1 ? name : `${name} · ${times}`];
    }),
  );
}

/**
 * The update that every counter shows. While a run trains it is that of its newest picture, so that no two of them
 * say different things.
 * @param {Pick<State, "run" | "live" | "follow">} state
 * @returns {number | null}
 */
export function countedUpdate({ run, live, follow }) {
  if (!run) return null;
  return follow && live && MOVES.has(run.status) ? live.update : run.update;
}

/** How far a run is, in words. @param {RunView} run @param {number} update */
export function progress(run, update) {
  if (run.status === "queued" && run.waits) return `queued, waits for ${run.waits}`;
  const name = JUDGED.find((one) => typeof run.metrics?.[one] === "number");
  const value = name ? /** @type {number} */ (run.metrics[name]) : null;
  const figure = value === null ? "" : ` · batch ${name} ${value === 0 ? "0" : readable(value, 3)}`;
  return `${run.status} · update ${grouped(update)}${figure}`;
}

/**
 * What stands in the box of presets when no preset is in view; null when one is.
 * @param {State} state
 * @returns {string | null}
 */
export function otherThanPreset({ target, run, presets }) {
  if (!target || target.kind === "preset") return null;
  if (target.kind === "checkpoint") return "a stored network";
  if (!run) return "a run";
  const preset = presets?.find((one) => one.name === run.preset);
  return preset ? `run of ${preset.title}` : `own run of ${taskWords(run.spec.task)}`;
}

/**
 * What Train starts: the preset in view, or what the run in view is; null where nobody knows.
 * @param {State} state
 * @returns {RunWish | null}
 */
export function trainWish({ target, run, preset }) {
  if (target?.kind === "checkpoint") return null;
  if (!run) return preset ? { preset } : {};
  // A run of a preset may have other settings than the preset has.
  const { task, model, training } = run.spec;
  return { ...(run.preset ? { preset: run.preset } : {}), task, model, training };
}

/**
 * What the network in view was trained with, or is; null where nobody knows.
 * @typedef {{title: string,
 *   spec: Pick<Wire.PresetSpec, "task"> & Partial<Pick<Wire.PresetSpec, "model" | "training">>}} Settings
 * @param {State} state
 * @returns {Settings | null}
 */
export function settingsInView({ target, run, runs, presets }) {
  if (run && target?.kind === "run") return settingsOf(runs, run);
  const preset = target?.kind === "preset" ? presets?.find((one) => one.name === target.id) : null;
  return preset ? { spec: preset.spec, title: preset.title } : null;
}

/** What a run was started with, by the name that it has in the list. @param {RunView[]} runs @param {RunView} run */
export const settingsOf = (runs, run) => ({
  spec: run.spec,
  title: distinctNames(runs).get(run.id) ?? run.name ?? run.id,
});

/** What Train would do now, for its tooltip; `beside` when another run goes on meanwhile. @param {State} state */
export function trainHint({ target, run }) {
  if (target?.kind === "checkpoint")
    return {
      beside: false,
      hint: "nobody knows what this stored network was trained with: choose a preset, or Your own run",
    };
  const beside = run !== null && LIVE.has(run.status);
  if (beside) return { beside, hint: "start a second run beside the one in view, which goes on; Stop ends that one" };
  return {
    beside,
    hint: run
      ? "start a new run like the one in view, from untrained weights"
      : "start a run of this preset, from untrained weights",
  };
}

/**
 * What stands behind the title of a preset: that it is trained, and how many seeds learn it and how fast.
 * @param {Pick<Preset, "pretrained" | "learning">} preset
 */
export function presetNote({ pretrained, learning }) {
  const trained = pretrained ? " (trained)" : "";
  if (!learning) return trained;
  const { reached, of, seconds } = learning;
  if (seconds === null) return `${trained} · ${reached} of ${of} learn`;
  return `${trained} · ${reached} of ${of} learn, ${Math.max(Math.round(seconds), 1)} s`;
}

/**
 * Whether a run can be branched off, and what Branch does.
 * @param {Pick<State, "run" | "target" | "networks">} state
 */
export function branchHint({ run, target, networks }) {
  if (!run || target?.kind !== "run") return { can: false, hint: "only a run can be branched off: press Train first" };
  const can = networks.length > 0 || MOVES.has(run.status);
  return {
    can,
    hint: can ? "a new run that goes on from stored weights of this one" : "this run has stored no weights yet",
  };
}

/** What Reset and Reseed do now, for their tooltips. @param {RunView | null} run @param {string} seed same or next */
export function resetHint(run, seed) {
  const to = run?.parent ? `update ${grouped(run.parent.update)}, where it branched off` : `update 0, ${seed}`;
  const then =
    run?.status === "paused"
      ? "it stays paused until Resume"
      : run && !LIVE.has(run.status)
        ? "it trains at once"
        : "it trains on from there";
  return `back to ${to}; ${then}${run?.update ? "; this attempt is kept in Runs" : ""}`;
}

/**
 * Whether the network has left a picture to compare with, as far as is known.
 * @param {State} state
 * @param {Target} target
 */
export function hasPicture({ target: seen, live, snapshots, runs }, target) {
  if (target.kind !== "run") return true;
  if (seen?.kind === "run" && seen.id === target.id && (live || snapshots.length)) return true;
  const listed = runs.find((run) => run.id === target.id);
  return !listed || listed.snapshots > 0;
}

const KINDS = /** @type {const} */ ({
  learned: "good",
  learning: "plain",
  "at chance": "plain",
  "standing still": "caution",
  "lost again": "caution",
  "scorer saturated": "caution",
  "attention dead": "bad",
  diverged: "bad",
});

/** How a verdict looks; the word itself is always there too. @param {Wire.VerdictView} verdict */
export const verdictKind = ({ word }) => KINDS[word];

/** All that a verdict says beside its label. @param {Wire.VerdictView} verdict */
export const verdictWords = ({ sentence, advice }) => [sentence, advice].filter(Boolean).join(" ");
