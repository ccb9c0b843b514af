// One WebSocket per visible tab. Messages are only stored here; the paint loop takes them out, once a frame.
// A lost link is dialled again (0.25 s doubling to 10 s, with jitter), and the run goes on after the last seq seen.

import { decode } from "./codec.js";

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 10_000;
const STEADY_MS = 30_000;
const HIDDEN_MS = 60_000;
const NO_RETRY = new Set([4401, 4404]);

/**
 * @typedef {{onLink: (status: State["link"]["status"], retryAt?: number) => void, onArrival: () => void}} Handlers
 * @typedef {{url: string, handlers: Handlers, socket: WebSocket | null, waiting: Wire.Frame[],
 *   subscription: {run: string, after: number | null} | null, failures: number,
 *   retry?: ReturnType<typeof setTimeout>}} Link the socket, what it brought, and what it is to bring
 */

/** @param {string} url @param {Handlers} handlers */
export function createStream(url, handlers) {
  /** @type {Link} */
  const link = { url, handlers, socket: null, waiting: [], subscription: null, failures: 0 };
  closeWhileHidden(link);
  return {
    connect: () => connect(link),
    /** Follow a run from its beginning; null follows none. @param {string | null} run */
    follow(run) {
      const { subscription } = link;
      if (subscription && subscription.run !== run) send(link, { type: "unsubscribe", run: subscription.run });
      link.waiting = link.waiting.filter((one) => one.kind === "row" || !("run" in one) || one.run === run);
      if (subscription?.run === run) return;
      link.subscription = run === null ? null : { run, after: null };
      subscribe(link);
    },
    /** Whether the command went out over the socket. @param {string} run @param {Wire.Command} command */
    command: (run, command) => send(link, { type: "command", run, command }),
    /** Everything that came since the last frame, in order. */
    take() {
      const taken = link.waiting;
      link.waiting = [];
      return taken;
    },
  };
}

/** @param {Link} link @param {Wire.Message} message */
function send({ socket }, message) {
  if (socket?.readyState !== WebSocket.OPEN) return false;
  socket.send(JSON.stringify(message));
  return true;
}

/** @param {Link} link */
const subscribe = (link) => link.subscription && send(link, { type: "subscribe", ...link.subscription });

/** @param {Link} link */
function connect(link) {
  clearTimeout(link.retry);
  if (link.socket || document.hidden) return;
  link.handlers.onLink("connecting");
  const opened = performance.now();
  const socket = new WebSocket(link.url);
  link.socket = socket;
  socket.binaryType = "arraybuffer";
  socket.onopen = () => {
    link.handlers.onLink("open");
    subscribe(link);
  };
  socket.onmessage = (event) => keep(link, event.data);
  socket.onclose = (event) => {
    link.socket = null;
    if (performance.now() - opened > STEADY_MS) link.failures = 0;
    dialAgain(link, event.code);
  };
}

/** @param {Link} link @param {number} code with which the socket closed */
function dialAgain(link, code) {
  if (document.hidden || NO_RETRY.has(code)) return link.handlers.onLink(document.hidden ? "idle" : "lost");
  const wait = Math.min(FIRST_WAIT_MS * 2 ** link.failures, LONGEST_WAIT_MS) * (0.75 + Math.random() / 2);
  link.failures += 1;
  link.handlers.onLink("lost", Date.now() + wait);
  link.retry = setTimeout(() => connect(link), wait);
}

/** @param {Link} link @param {ArrayBuffer} data */
function keep(link, data) {
  const message = /** @type {Wire.Frame} */ (decode(data));
  const { subscription } = link;
  if (subscription && "seq" in message && message.run === subscription.run && message.kind !== "subscribed")
    subscription.after = message.seq;
  if (message.kind === "snapshot" || message.kind === "row")
    link.waiting = link.waiting.filter((older) => older.kind !== message.kind || older.run !== message.run);
  link.waiting.push(message);
  link.handlers.onArrival();
}

/** @param {Link} link */
function closeWhileHidden(link) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let sleep;
  document.addEventListener("visibilitychange", () => {
    clearTimeout(sleep);
    if (document.hidden) sleep = setTimeout(() => link.socket?.close(1000), HIDDEN_MS);
    else connect(link);
  });
}
