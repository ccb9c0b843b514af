// The server was started anew with another version: the page offers to be loaded again, and goes on meanwhile.

import { find } from "../../draw/layers/dom.js";

/** @returns {(server: Pick<Wire.HelloFrame, "version">) => void} what to do with the greeting of a connection */
export function createNewer() {
  const place = find("#newer");
  const mine = document.body.dataset.version;
  find("button", place).addEventListener("click", () => location.reload());
  return ({ version }) => {
    place.hidden = version === mine;
    find("p", place).textContent = `The server is version ${version} by now, and this page is of version ${mine}.`;
  };
}
