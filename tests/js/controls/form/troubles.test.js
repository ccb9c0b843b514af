// Why the server did not take a text, recounted from its answer.

import { TROUBLES, troubleFacts } from "../../../../static/js/controls/form/data_words.js";
import { sceptic } from "../../support/sceptic.js";

const BODY = { field: "body", value: "x", range: "a text", remedy: "is no text; save it" };
sceptic("a file that the server did not take", {
  place: TROUBLES,
  cases: [0, 401, 403, 408, 413, 422, 429, 500, 507].flatMap((status) =>
    [undefined, [], [BODY], [{ ...BODY, field: "name" }]].map((errors) => ({
      ...{ title: "", status, detail: `told of ${status}`, errors },
    })),
  ),
  facts: (problem) => troubleFacts("x", problem),
  known: [
    [/^x: is no text; save it$/, ({ errors }) => errors?.[0]?.field === "body"],
    [
      /^x was not taken: this browser is not let in any more\. .+ what is filled in here stays\.$/,
      ({ status }) => status === 401,
    ],
    [
      /^x was not taken: it is larger than the way to the server lets through; sab train .+ larger ones\.$/,
      ({ status }) => status === 413,
    ],
    [
      /^x was not taken: told of (?<told>\d+)\. What is filled in here stays\.$/,
      ({ status }, { told }) => [403, 507].includes(status) && Number(told) === status,
    ],
    [
      /^told of (?<told>\d+)$/,
      ({ status }, { told }) => Number(told) === status && ![401, 403, 413, 507].includes(status),
    ],
  ],
});
