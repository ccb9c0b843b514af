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
 * @template T what that route answers (app/protocol*.py)
 * @param {string} method
 * @param {string} path
 * @param {object} [body] sent as JSON
 * @returns {Promise<T>} the answer's JSON, null for an empty one
 * @throws {ApiError}
 */
export async function request(method, path, body) {
  /** @type {RequestInit} */
  const options = { method, signal: AbortSignal.timeout(TIMEOUT_MS), headers: { Accept: "application/json" } };
  if (body !== undefined) {
    options.body = JSON.stringify(body);
    options.headers = { ...options.headers, "Content-Type": "application/json" };
  }
  /** @type {Response} */
  let answer;
  try {
    answer = await fetch(path, options);
  } catch (error) {
    const slow = error instanceof DOMException && error.name === "TimeoutError";
    const detail = slow
      ? `no answer within ${TIMEOUT_MS / 1000} s; try again`
      : "the server does not answer; is `sab serve` still running?";
    throw new ApiError({ title: "No answer", status: 0, detail });
  }
  const text = await answer.text();
  const json = parsed(text);
  if (!answer.ok)
    throw new ApiError(
      isProblem(json)
        ? json
        : { title: answer.statusText, status: answer.status, detail: `${method} ${path}: status ${answer.status}` },
    );
  return /** @type {T} */ (json);
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

/** @type {() => Promise<Wire.PresetView[]>} */
export const getPresets = () => request("GET", "/api/presets");
/** @type {() => Promise<Wire.RunView[]>} */
export const getRuns = () => request("GET", "/api/runs");
/** @type {(spec: RunWish) => Promise<Wire.RunView>} */
export const startRun = (spec) => request("POST", "/api/runs", spec);
/** @type {(run: string) => Promise<null>} */
export const deleteRun = (run) => request("DELETE", `/api/runs/${id(run)}`);
/** @type {(run: string, command: Wire.Command) => Promise<Wire.CommandAnswer>} */
export const sendCommand = (run, command) => request("POST", `/api/runs/${id(run)}/commands`, command);
/** @type {(target: Target) => Promise<Wire.RunCurves | Wire.PresetCurves>} */
export const getMetrics = (target) => request("GET", `${place(target)}/metrics`);
/** @type {(target: Target) => Promise<Wire.RunSnapshots | Wire.PresetSnapshots>} */
export const getSnapshots = (target) => request("GET", `${place(target)}/snapshots`);
/** @type {(target: Target, update: number | string) => Promise<Wire.Trace>} */
export const getSnapshot = (target, update) => request("GET", `${place(target)}/snapshots/${update}`);
/** @type {(probe: ProbeRequest) => Promise<Wire.Trace>} */
export const postProbe = (probe) => request("POST", "/api/probe", probe);
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
