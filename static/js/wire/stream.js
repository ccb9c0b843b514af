// One WebSocket per visible tab. Messages are only stored here; the paint loop takes them out, once a frame.
// A lost link is dialled again (0.25 s doubling to 10 s, with jitter), and the run goes on after the last seq seen.

import { decode } from "./codec.js";

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 10_000;
const STEADY_MS = 30_000;
const HIDDEN_MS = 60_000;
const NO_RETRY = new Set([4401, 4404]);

/**
 * @param {string} url
 * @param {{onLink: (status: State["link"]["status"], retryAt?: number) => void, onArrival: () => void}} handlers
 */
export function createStream(url, { onLink, onArrival }) {
  /** @type {WebSocket | null} */
  let socket = null;
  /** @type {Wire.Frame[]} */
  let waiting = [];
  /** @type {{run: string, after: number | null} | null} */
  let subscription = null;
  let failures = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let retry;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let sleep;

  const send = (/** @type {Wire.Message} */ message) => {
    if (socket?.readyState !== WebSocket.OPEN) return false;
    socket.send(JSON.stringify(message));
    return true;
  };
  const subscribe = () => subscription && send({ type: "subscribe", ...subscription });

  function connect() {
    clearTimeout(retry);
    if (socket || document.hidden) return;
    onLink("connecting");
    const opened = performance.now();
    socket = new WebSocket(url);
    socket.binaryType = "arraybuffer";
    socket.onopen = () => {
      onLink("open");
      subscribe();
    };
    socket.onmessage = (event) => keep(event.data);
    socket.onclose = (event) => {
      socket = null;
      if (performance.now() - opened > STEADY_MS) failures = 0;
      if (document.hidden || NO_RETRY.has(event.code)) return onLink(document.hidden ? "idle" : "lost");
      const wait = Math.min(FIRST_WAIT_MS * 2 ** failures, LONGEST_WAIT_MS) * (0.75 + Math.random() / 2);
      failures += 1;
      onLink("lost", Date.now() + wait);
      retry = setTimeout(connect, wait);
    };
  }

  function keep(/** @type {ArrayBuffer} */ data) {
    const message = /** @type {Wire.Frame} */ (decode(data));
    if (subscription && "seq" in message && message.run === subscription.run && message.kind !== "subscribed")
      subscription.after = message.seq;
    if (message.kind === "snapshot")
      waiting = waiting.filter((older) => older.kind !== "snapshot" || older.run !== message.run);
    waiting.push(message);
    onArrival();
  }

  document.addEventListener("visibilitychange", () => {
    clearTimeout(sleep);
    if (document.hidden) sleep = setTimeout(() => socket?.close(1000), HIDDEN_MS);
    else connect();
  });

  return {
    connect,
    /** Follow a run from its beginning; null follows none. @param {string | null} run */
    follow(run) {
      if (subscription && subscription.run !== run) send({ type: "unsubscribe", run: subscription.run });
      waiting = waiting.filter((message) => !("run" in message) || message.run === run);
      if (subscription?.run === run) return;
      subscription = run === null ? null : { run, after: null };
      subscribe();
    },
    /** Whether the command went out over the socket. @param {string} run @param {Wire.Command} command */
    command: (run, command) => send({ type: "command", run, command }),
    /** Everything that came since the last frame, in order. */
    take() {
      const taken = waiting;
      waiting = [];
      return taken;
    },
  };
}
