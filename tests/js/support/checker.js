// The page's sources as the TypeScript compiler reads them, comments with types included; files may be given other text.

import { fileURLToPath } from "node:url";

import { API } from "typescript/unstable/sync";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
export const PAGE = `${ROOT}static/js/`;

/**
 * @template T
 * @param {(program: import("typescript/unstable/sync").Program, project: import("typescript/unstable/sync").Project) => T} look
 * @param {Record<string, string>} other text of files by their path below static/js
 * @returns {T}
 */
export function withProgram(look, other = {}) {
  const texts = new Map(Object.entries(other).map(([name, text]) => [PAGE + name, text]));
  const api = new API({ cwd: ROOT, fs: { readFile: (name) => texts.get(name) } });
  try {
    const [project] = api.updateSnapshot({ openProjects: [`${ROOT}tsconfig.json`] }).getProjects();
    return look(project.program, project);
  } finally {
    api.close();
  }
}
