// Requests to the server. Every failure becomes one Problem that names what is wrong and what to do.

import { decode } from "./codec.js";
import { at } from "./link/root.js";
import { traceOf } from "./trace.js";

const TIMEOUT_MS = 30_000;
const FILE_TIMEOUT_MS = 300_000;
/** A server that is there answers this question at once. */
const HEALTH_TIMEOUT_MS = 3_000;
const ZIP_TYPE = "application/zip";
/** The largest file that the server takes (app/web/messages/bodies.py). */
export const MOST_BYTES = 64 * 2 ** 20;

/** @typedef {(path: string, options: RequestInit & {method: string}) => Promise<Response>} Ask */
/** Who is asked: the server that sent the page, unless the page holds the answers itself. @type {Ask} */
let ask = (path, options) => fetch(at(path), options);

/** Have somebody else asked than the server. @param {Ask} other */
export function askInstead(other) {
  ask = other;
}

/** Told whether the server still knows this browser. @type {(out: boolean) => void} */
let onShutOut = () => {};

/** @param {(out: boolean) => void} listener */
export function whenShutOut(listener) {
  onShutOut = listener;
}

/** A request that did not succeed. */
export class ApiError extends Error {
  /** @param {Problem} problem */
  constructor(problem) {
    super(problem.detail);
    this.problem = problem;
  }
}

export const JSON_TYPE = "application/json";
const FRAME_TYPE = "application/octet-stream";

/**
 * @template T what that route answers (app/wire/views)
 * @param {string} method
 * @param {string} path
 * @param {object} [body] sent as JSON
 * @returns {Promise<T>} the answer's JSON, null for an empty one
 * @throws {ApiError}
 */
export async function request(method, path, body) {
  const answer = await send(method, path, JSON_TYPE, body);
  return /** @type {T} */ (parsed(await answer.text()));
}

/**
 * A trace, as the bytes that a worker packed.
 * @param {string} method @param {string} path @param {object} [body] @returns {Promise<Trace>}
 */
async function requestTrace(method, path, body) {
  const answer = await send(method, path, FRAME_TYPE, body);
  return traceOf(/** @type {Wire.TraceFrame} */ (decode(await answer.arrayBuffer())));
}

/**
 * The answer as it came, for whoever wants its headers too.
 * @param {string} method
 * @param {string} path
 * @param {string} accept the type of the answer
 * @param {object} [body] a zip file as it is, anything else as JSON
 * @throws {ApiError} when there is no answer, or one that is a problem
 */
export async function send(method, path, accept, body) {
  const isFile = body instanceof Blob;
  const headers = { Accept: accept, ...(body && { "Content-Type": isFile ? ZIP_TYPE : JSON_TYPE }) };
  const timeout = isFile || accept === ZIP_TYPE ? FILE_TIMEOUT_MS : TIMEOUT_MS;
  const options = { method, headers, signal: AbortSignal.timeout(timeout), body: isFile ? body : JSON.stringify(body) };
  /** @type {Response} */
  let answer;
  try {
    answer = await ask(path, options);
  } catch (error) {
    const slow = error instanceof DOMException && error.name === "TimeoutError";
    throw new ApiError({ title: "No answer", status: 0, detail: silence(slow, timeout) });
  }
  if (answer.ok) onShutOut(false);
  if (!answer.ok) answered(answer, `${method} ${path}`, await answer.text());
  return answer;
}

/**
 * The JSON of an answer that succeeded, null for an empty one.
 * @param {{status: number, statusText: string}} answer @param {string} asked @param {string} text its body
 * @throws {ApiError} what it says, where it is a problem
 */
export function answered({ status, statusText: title }, asked, text) {
  const json = parsed(text);
  if (status >= 200 && status < 300) return json;
  if (status === 401) onShutOut(true);
  throw new ApiError(isProblem(json) ? json : { title, status, detail: `${asked}: status ${status}` });
}

/** Why there is no answer, and what to do. @param {boolean} slow @param {number} timeout ms */
export function silence(slow, timeout) {
  return slow
    ? `no answer within ${timeout / 1000} s; try again`
    : "the server does not answer; is `sab serve` still running?";
}

/** @param {unknown} json @returns {json is Problem} */
const isProblem = (json) => typeof json === "object" && json !== null && "detail" in json && Boolean(json.detail);

/** @param {string} text @returns {unknown} */
function parsed(text) {
  try {
    return text ? JSON.parse(text) : null;
  } catch {
    return null;
  }
}

/** @param {string} text */
const id = (text) => encodeURIComponent(text);

const place = (/** @type {Target} */ target) => `/api/${target.kind}s/${id(target.id)}`;

/** Whether anybody answers. */
export const serverAnswers = () =>
  ask("/api/health", { method: "GET", signal: AbortSignal.timeout(HEALTH_TIMEOUT_MS) }).then(
    (answer) => answer.ok,
    () => false,
  );
/** Ask something small that only those are told who are let in. */
export const asksIfLetIn = () => void request("GET", "/api/tasks").catch(() => {});
/** @type {() => Promise<Wire.PresetView[]>} */
export const getPresets = () => request("GET", "/api/presets");
/** The newest runs, newest first. @type {() => Promise<Wire.RunView[]>} */
export const getRuns = () => request("GET", "/api/runs");
/** @type {(run: string) => Promise<Wire.RunView>} */
export const getRun = (run) => request("GET", `/api/runs/${id(run)}`);
/** @type {(spec: RunWish) => Promise<Wire.RunView>} */
export const startRun = (spec) => request("POST", "/api/runs", spec);
/** @type {(run: string) => Promise<null>} */
export const deleteRun = (run) => request("DELETE", `/api/runs/${id(run)}`);
/** @type {(run: string) => Promise<Blob>} */
export const getBundle = async (run) => (await send("GET", `/api/runs/${id(run)}/bundle`, ZIP_TYPE)).blob();
/** The run that a bundle becomes. @type {(bundle: Blob) => Promise<Wire.RunView>} */
export const postBundle = (bundle) => request("POST", "/api/bundles", bundle);
/** @type {(run: string, command: Wire.Command) => Promise<Wire.CommandAnswer>} */
export const sendCommand = (run, command) => request("POST", `/api/runs/${id(run)}/commands`, command);
/** @type {(target: Target) => Promise<Wire.RunCurves | Wire.PresetCurves>} */
export const getMetrics = (target) => request("GET", `${place(target)}/metrics`);
/** @type {(target: Target) => Promise<Wire.RunSnapshots | Wire.PresetSnapshots>} */
export const getSnapshots = (target) => request("GET", `${place(target)}/snapshots`);
/** @type {(target: Target, update: number | string) => Promise<Trace>} */
export const getSnapshot = (target, update) => requestTrace("GET", `${place(target)}/snapshots/${update}`);
/** @type {(probe: ProbeRequest) => Promise<Trace>} */
export const postProbe = (probe) => requestTrace("POST", "/api/probe", probe);
/** @type {(probe: ProbeRequest) => Promise<Wire.BatchHits>} */
export const postHits = (probe) => request("POST", "/api/hits", probe);
/** @type {(target: Target) => Promise<Wire.SelfCheck>} */
export const getSelfCheck = (target) => request("GET", `/api/selfcheck?${target.kind}=${id(target.id)}`);
/** @type {() => Promise<Wire.EngineView>} */
export const getEngine = () => request("GET", "/api/engine");

/**
 * Any answer as a Problem.
 * @param {unknown} error
 * @returns {Problem}
 */
export function problemOf(error) {
  if (error instanceof ApiError) return error.problem;
  return { title: "Unexpected", status: 0, detail: String(error) };
}
