// One WebSocket per visible tab. Messages are only stored here; the paint loop takes them out, once a frame.
// A lost link is dialled again (0.25 s doubling to 10 s, with jitter), and the run goes on after the last seq seen.
// A link may be dead without a word, as after a sleep: when nothing is heard the page asks, and hangs up if nothing
// answers (link/watch.js).

import { decode } from "./codec.js";
import { createReceipts } from "./link/receipts.js";
import { watchLink } from "./link/watch.js";

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 10_000;
const STEADY_MS = 30_000;
const HIDDEN_MS = 60_000;
const NO_RETRY = new Set([4401, 4404]);

/**
 * @typedef {{onLink: (status: State["link"]["status"], retryAt?: number) => void, onArrival: () => void,
 *   onHello: (server: Wire.HelloFrame) => void}} Handlers
 * @typedef {{url: string, handlers: Handlers, socket: WebSocket | null, waiting: Wire.Frame[], heardAt: number,
 *   subscription: {run: string, after: number | null} | null, failures: number,
 *   receipts: import("./link/receipts.js").Receipts, watch: import("./link/watch.js").Watch,
 *   retry?: ReturnType<typeof setTimeout>}} Link the socket, what it brought, and what it is to bring; heardAt is of
 *   performance.now(): the clock on the wall may be set back
 */

/** @param {string} url @param {Handlers} handlers */
export function createStream(url, handlers) {
  /** @type {Link} */
  const link = {
    ...{ url, handlers, socket: null, waiting: [], heardAt: 0, subscription: null, failures: 0 },
    receipts: createReceipts(),
    watch: watchLink({
      heardAt: () => link.heardAt,
      ping: () => send(link, { type: "ping" }),
      hangUp: () => hangUp(link),
    }),
  };
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
    /**
     * Whether the server said, over the socket and in time, that it has the command: taken or refused.
     * @param {string} run @param {Wire.Command & {command_id: string}} command
     */
    async command(run, command) {
      return send(link, { type: "command", run, command }) && link.receipts.of(command.command_id);
    },
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
  link.heardAt = opened;
  link.watch.start();
  socket.binaryType = "arraybuffer";
  socket.onopen = () => {
    link.heardAt = performance.now();
    link.handlers.onLink("open");
    subscribe(link);
  };
  socket.onmessage = (event) => keep(link, event.data);
  socket.onclose = (event) => {
    if (link.socket !== socket) return;
    closed(link);
    if (performance.now() - opened > STEADY_MS) link.failures = 0;
    dialAgain(link, event.code);
  };
}

/** @param {Link} link */
function closed(link) {
  link.socket = null;
  link.watch.stop();
  link.receipts.giveUp();
}

/** Nobody answers: what is left of the socket may close when it likes. @param {Link} link */
function hangUp(link) {
  const { socket } = link;
  closed(link);
  socket?.close();
  dialAgain(link, 1006);
}

/** @param {Link} link @param {number} code with which the socket closed */
function dialAgain(link, code) {
  if (document.hidden || NO_RETRY.has(code)) return link.handlers.onLink(document.hidden ? "idle" : "lost");
  const wait = Math.min(FIRST_WAIT_MS * 2 ** link.failures, LONGEST_WAIT_MS) * (0.75 + Math.random() / 2);
  link.failures += 1;
  link.handlers.onLink("lost", performance.now() + wait);
  link.retry = setTimeout(() => connect(link), wait);
}

/** @param {Link} link @param {ArrayBuffer} data */
function keep(link, data) {
  const message = /** @type {Wire.Frame} */ (decode(data));
  link.heardAt = performance.now();
  if (message.kind === "pong") return;
  if (message.kind === "hello") link.handlers.onHello(message);
  link.receipts.note(message);
  if (message.kind === "accepted") return;
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
    else if (link.socket) link.watch.ask();
    else connect(link);
  });
  // A network that came back has other routes: the wait for the next attempt is for nothing. And who was shut out may
  // have come in again by another tab or window, and looks at this one now.
  for (const sign of ["online", "focus"])
    window.addEventListener(sign, () => (link.socket ? link.watch.ask() : connect(link)));
}
