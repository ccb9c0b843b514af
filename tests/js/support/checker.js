// The page's sources as the TypeScript compiler reads them, types in comments included; files may be given other text.

import { fileURLToPath } from "node:url";

import { API } from "typescript/unstable/sync";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
export const PAGE = `${ROOT}static/js/`;

/**
 * @typedef {import("typescript/unstable/sync").Program} Program
 * @typedef {import("typescript/unstable/sync").Project} Project
 */

/**
 * @template T
 * @param {(program: Program, project: Project) => T} look
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
