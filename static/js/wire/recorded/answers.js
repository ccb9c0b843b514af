// The answers of a recording, in place of a server's: the same addresses, and a word where only a server knows.

import { decode } from "../codec.js";
import { DEFAULT_SHARE, PROBE_KNOBS } from "../contract.js";
import { traceOf } from "../trace.js";

/**
 * @typedef {import("./recording.js").Recording} Recording
 * @typedef {Partial<ProbeRequest>} Words what a question says beside the network
 */

const NEEDS = "that needs a server: pip install sab-visualiser, then sab serve";
/** What a question may leave out, and what is meant then; a step that is left out is the task's own. */
const USUAL = {
  example: 0,
  share: DEFAULT_SHARE,
  phase: 0,
  cuts: "blocks",
  knocked_out: /** @type {number[][]} */ ([]),
};

/**
 * @param {Recording} recording
 * @returns {(path: string, options: {method: string, body?: BodyInit | null}) => Promise<Response>} as fetch
 */
export function answersOf(recording) {
  const { target, view, curves, updates, pictures, asked } = recording;
  const place = `/api/${target.kind}s/${encodeURIComponent(target.id)}`;
  const newest = pictures.length - 1;
  const networks = [...updates.slice(-1), ...asked.flatMap(({ update }) => update ?? [])];
  const known = questions(recording);
  /** @type {Record<string, unknown>} */
  const lists = {
    "/api/presets": target.kind === "preset" ? [view] : [],
    "/api/runs": target.kind === "run" ? [view] : [],
    [place]: view,
    [`${place}/metrics`]: curves,
    [`${place}/snapshots`]: { updates, checkpoints: networks.map((update) => ({ update })) },
  };

  const own = ownKnobs(recording);

  return async (path, { method, body }) => {
    if (method === "GET" && lists[path]) return Response.json(lists[path]);
    if (method === "GET" && path.startsWith(`${place}/snapshots/`)) {
      const [wanted] = path.slice(`${place}/snapshots/`.length).split("?");
      const picture = pictures[wanted === "latest" ? newest : updates.indexOf(Number(wanted))];
      return picture ? bytes(picture) : refusal(404, `update ${wanted} is not in this file`);
    }
    if (method === "POST" && path === "/api/probe")
      return probed(recording, known, without(JSON.parse(String(body)), own));
    return refusal(501, NEEDS[0].toUpperCase() + NEEDS.slice(1));
  };
}

/**
 * The knobs that the recorded network has: to ask for these is to ask for nothing else.
 * @param {Recording} recording @returns {Record<string, unknown>}
 */
function ownKnobs({ asked, answers }) {
  const place = Math.max(
    asked.findIndex((words) => Object.keys(words).length === 0),
    0,
  );
  const { parameters } = traceOf(/** @type {Wire.TraceFrame} */ (decode(answers[place])));
  return Object.fromEntries(PROBE_KNOBS.map((name) => [name, parameters[name]]));
}

/**
 * @param {Recording} recording @param {Map<string, number>} known @param {ProbeRequest} request
 */
function probed({ target, answers }, known, request) {
  if (request[target.kind] !== target.id) return refusal(404, "this file holds another network");
  const place = known.get(keyOf(request));
  if (place !== undefined) return bytes(answers[place]);
  const unlike = Object.entries(wordsOf(request)).map(
    ([name, value]) => `${name} = ${value === null ? "whole" : JSON.stringify(value)}`,
  );
  return refusal(501, `this file holds no exact answer for ${unlike.join(", ") || "this view"}: ${NEEDS}`);
}

/**
 * Where the answer to a question stands. A step that is named is the same question as the task's own, and an update
 * that is named the same as the newest.
 * @param {Recording} recording
 */
function questions({ asked, answers, updates }) {
  const known = /** @type {Map<string, number>} */ (new Map());
  asked.forEach((words, place) => {
    const trace = traceOf(/** @type {Wire.TraceFrame} */ (decode(answers[place])));
    const step = "loss_step" in words ? {} : { loss_step: trace.loss_step };
    const update = trace.update === updates[updates.length - 1] ? { update: trace.update } : {};
    for (const more of [{}, step, update, { ...step, ...update }]) {
      const key = keyOf({ ...words, ...more });
      if (!known.has(key)) known.set(key, place);
    }
  });
  return known;
}

/** A question without the words that ask for what is so anyway. @param {ProbeRequest} request @param {object} own */
function without(request, own) {
  const same = /** @type {Record<string, unknown>} */ (own);
  const asked = /** @type {[string, unknown][]} */ (Object.entries(request));
  const left = asked.filter(([name, value]) => !(name in own) || (same[name] ?? 0) !== (value ?? 0));
  return /** @type {ProbeRequest} */ (Object.fromEntries(left));
}

/** @param {Words} request without the network @returns {Record<string, unknown>} */
function wordsOf({ run: _run, preset: _preset, checkpoint: _checkpoint, ...words }) {
  const usual = /** @type {Record<string, unknown>} */ (USUAL);
  return Object.fromEntries(
    Object.entries(words).filter(([name, value]) => JSON.stringify(usual[name]) !== JSON.stringify(value)),
  );
}

/** What tells questions apart, in whatever order they are written. @param {Words} request */
const keyOf = (request) =>
  JSON.stringify(Object.entries(wordsOf(request)).sort(([one], [other]) => (one < other ? -1 : 1)));

/** @param {Uint8Array} frame */
const bytes = (frame) => new Response(/** @type {BlobPart & Uint8Array<ArrayBuffer>} */ (frame));

/** @param {number} status @param {string} detail */
const refusal = (status, detail) => Response.json({ title: "Not in this file", status, detail }, { status });
