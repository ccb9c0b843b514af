// Requests to the server. Every failure becomes one Problem that names what is wrong and what to do.

const TIMEOUT_MS = 30_000;

/** A request that did not succeed. */
export class ApiError extends Error {
  /** @param {Problem} problem */
  constructor(problem) {
    super(problem.detail);
    this.problem = problem;
  }
}

/**
 * @param {string} method
 * @param {string} path
 * @param {any} [body] sent as JSON
 * @returns {Promise<any>} the answer's JSON, null for an empty one
 * @throws {ApiError}
 */
export async function request(method, path, body) {
  /** @type {RequestInit} */
  const options = { method, signal: AbortSignal.timeout(TIMEOUT_MS), headers: { Accept: "application/json" } };
  if (body !== undefined) {
    options.body = JSON.stringify(body);
    options.headers = { ...options.headers, "Content-Type": "application/json" };
  }
  let answer;
  try {
    answer = await fetch(path, options);
  } catch (error) {
    const slow = error instanceof DOMException && error.name === "TimeoutError";
    const detail = slow ? `no answer within ${TIMEOUT_MS / 1000} s; try again` : "the server does not answer; is `sab serve` still running?";
    throw new ApiError({ title: "No answer", status: 0, detail });
  }
  const text = await answer.text();
  const json = parsed(text);
  if (!answer.ok) throw new ApiError(json?.detail ? json : { title: answer.statusText, status: answer.status, detail: `${method} ${path}: status ${answer.status}` });
  return json;
}

/** @param {string} text */
function parsed(text) {
  try {
    return text ? JSON.parse(text) : null;
  } catch {
    return null;
  }
}

/** @param {string} text */
const id = (text) => encodeURIComponent(text);

export const getPresets = () => request("GET", "/api/presets");
export const getRuns = () => request("GET", "/api/runs");
export const getRun = (/** @type {string} */ run) => request("GET", `/api/runs/${id(run)}`);
export const startRun = (/** @type {any} */ spec) => request("POST", "/api/runs", spec);
export const deleteRun = (/** @type {string} */ run) => request("DELETE", `/api/runs/${id(run)}`);
export const sendCommand = (/** @type {string} */ run, /** @type {any} */ command) => request("POST", `/api/runs/${id(run)}/commands`, command);
const place = (/** @type {Target} */ target) => `/api/${target.kind}s/${id(target.id)}`;
export const getMetrics = (/** @type {Target} */ target) => request("GET", `${place(target)}/metrics`);
export const getSnapshots = (/** @type {Target} */ target) => request("GET", `${place(target)}/snapshots`);
export const postHits = (/** @type {ProbeRequest} */ probe) => request("POST", "/api/hits", probe);
export const getSnapshot = (/** @type {Target} */ target, /** @type {number | string} */ update) => request("GET", `${place(target)}/snapshots/${update}`);
export const postProbe = (/** @type {ProbeRequest} */ probe) => request("POST", "/api/probe", probe);
export const getSelfCheck = (/** @type {Target} */ target) => request("GET", `/api/selfcheck?${target.kind}=${id(target.id)}`);

/**
 * Any answer as a Problem.
 * @param {unknown} error
 * @returns {Problem}
 */
export function problemOf(error) {
  if (error instanceof ApiError) return error.problem;
  return { title: "Unexpected", status: 0, detail: String(error) };
}

/**
 * Presets or runs, whether they come as a list or inside an object.
 * @param {any} answer
 * @param {string} key
 */
export const listOf = (answer, key) => (Array.isArray(answer) ? answer : (answer?.[key] ?? []));
