// A file that a person chose or dropped, sent as the bundle of a run. Both pages ask here.

import { grouped } from "../../draw/numbers.js";
import { ApiError, MOST_BYTES, postBundle } from "../../wire/api.js";

/**
 * What the server would not take in any case is told without sending it.
 * @param {File} file @returns {Promise<Wire.RunView>} the run that it became
 * @throws {ApiError} what is wrong with it, and what to do
 */
export async function accepted(file) {
  if (!/\.zip$/i.test(file.name)) throw refusal("no .zip file; a bundle is the file that Download bundle made");
  if (file.size > MOST_BYTES) {
    const most = `${Math.ceil(file.size / 2 ** 20)} MiB, at most ${MOST_BYTES / 2 ** 20} MiB can be sent`;
    throw refusal(`${most}; stop the server and use sab import, which takes larger ones`);
  }
  return postBundle(file);
}

/**
 * What came in: how far it is, and what of it is not here.
 * @param {Pick<Wire.RunView, "status" | "update" | "missing">} run @returns {string}
 */
export const howFar = ({ status, update, missing }) =>
  `${status} at update ${grouped(update)}${missing === null ? "" : `; ${missing}`}`;

/** @param {string} detail what is wrong, and what to do */
const refusal = (detail) => new ApiError({ title: "Not a bundle", status: 0, detail });
