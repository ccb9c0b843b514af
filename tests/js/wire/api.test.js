// What a request says and how its failures are told, with a fetch of our own.

import assert from "node:assert/strict";
import test from "node:test";

import { getBundle, getRuns, postBundle, problemOf, startRun } from "../../../static/js/wire/api.js";

const asked = /** @type {{path: string, options: RequestInit}[]} */ ([]);

/** @param {() => Response | Promise<Response>} answer */
function answering(answer) {
  asked.length = 0;
  globalThis.fetch = async (path, options = {}) => {
    asked.push({ path: String(path), options });
    return answer();
  };
}

const header = (/** @type {string} */ name) => new Headers(asked[0].options.headers).get(name);

test("a bundle travels as it is, named a zip file", async () => {
  answering(() => Response.json({ id: "r2" }, { status: 201 }));
  const bundle = new Blob(["PK..."]);
  assert.equal((await postBundle(bundle)).id, "r2");
  assert.equal(asked[0].path, "/api/bundles");
  assert.equal(asked[0].options.body, bundle);
  assert.equal(header("content-type"), "application/zip");
});

test("a bundle is fetched as bytes", async () => {
  answering(() => new Response(new Blob(["PK..."])));
  assert.equal(await (await getBundle("r/1")).text(), "PK...");
  assert.equal(asked[0].path, "/api/runs/r%2F1/bundle");
  assert.equal(header("accept"), "application/zip");
});

test("all else is sent as JSON, and a request without a body names no type", async () => {
  answering(() => Response.json({}));
  await startRun({ name: "a" });
  assert.deepEqual([asked[0].options.body, header("content-type")], ['{"name":"a"}', "application/json"]);
  answering(() => Response.json([]));
  await getRuns();
  assert.deepEqual([asked[0].options.body, header("content-type")], [undefined, null]);
});

test("a refusal is told in the server's words, anything else by its status", async () => {
  const problem = { title: "Value not accepted", status: 422, detail: "bundle = x: y; z", type: "", errors: [] };
  answering(() => Response.json(problem, { status: 422 }));
  await assert.rejects(postBundle(new Blob([])), (error) => problemOf(error).detail === "bundle = x: y; z");
  answering(() => new Response("<html>", { status: 502, statusText: "Bad Gateway" }));
  await assert.rejects(getBundle("r1"), (error) => /status 502/.test(problemOf(error).detail));
});

test("silence says how long it was waited for a file, which is longer than for all else", async () => {
  const late = () => Promise.reject(new DOMException("late", "TimeoutError"));
  answering(late);
  await assert.rejects(postBundle(new Blob([])), (error) => /within 300 s/.test(problemOf(error).detail));
  answering(late);
  await assert.rejects(getRuns(), (error) => /within 30 s/.test(problemOf(error).detail));
});
