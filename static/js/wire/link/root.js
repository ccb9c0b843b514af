// Where the server is, seen from this page: a proxy may have put a prefix before all of its addresses, so that none of
// them may begin at the root of the host. The template says how far it is back from here.

const root = globalThis.document?.documentElement?.dataset?.root ?? "";

/** An address of the server as it is from this page. @param {string} path with a slash before it */
export const at = (path) => root + path;

/** The address of its socket. */
export function socketUrl() {
  const url = new URL(at("/ws"), location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return url.href;
}
