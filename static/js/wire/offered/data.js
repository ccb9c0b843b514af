// Requests about data sets: which there are, and a text of one's own that is sent.

import { at } from "../link/root.js";
import { ApiError, answered, request, silence } from "../api.js";

/** The largest text that the server takes, in bytes (app/store/texts.py). */
export const MOST_TEXT_BYTES = 16 * 2 ** 20;
/** Letters of a name that the server takes (app/web/messages/queries.py). */
const MOST_LETTERS = 100;
const TIMEOUT_MS = 300_000;

/** Data sets that a run may name. @type {() => Promise<Wire.DataView[]>} */
export const getData = () => request("GET", "/api/data");

/**
 * A text, stored by the server. Only XMLHttpRequest tells how much of a body has left.
 * @param {File} file
 * @param {(share: number) => void} tell how much of it has left, 0 to 1
 * @returns {Promise<Wire.DataView>} the data set that it became
 * @throws {ApiError}
 */
export function postText(file, tell) {
  const path = `/api/texts?name=${encodeURIComponent(file.name.slice(-MOST_LETTERS) || "text")}`;
  const sending = new XMLHttpRequest();
  sending.open("POST", at(path));
  sending.timeout = TIMEOUT_MS;
  sending.setRequestHeader("Content-Type", "text/plain");
  sending.upload.onprogress = ({ loaded, total }) => tell(total ? loaded / total : 0);
  return new Promise((resolve, reject) => {
    const lost = (/** @type {boolean} */ slow) => () =>
      reject(new ApiError({ title: "No answer", status: 0, detail: silence(slow, TIMEOUT_MS) }));
    sending.onerror = lost(false);
    sending.ontimeout = lost(true);
    sending.onload = () => {
      try {
        resolve(/** @type {Wire.DataView} */ (answered(sending, `POST ${path}`, sending.responseText)));
      } catch (error) {
        reject(error);
      }
    };
    sending.send(file);
  });
}
