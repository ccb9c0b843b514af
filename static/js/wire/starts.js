// Requests that start runs from others: a group to compare, a branch from stored weights.

import { request } from "./api.js";

/** @type {(group: Wire.GroupRequest) => Promise<Wire.GroupView>} */
export const startGroup = (group) => request("POST", "/api/groups", group);
/** @type {(run: string, branch: Wire.BranchRequest) => Promise<Wire.RunView>} */
export const branchRun = (run, branch) => request("POST", `/api/runs/${encodeURIComponent(run)}/branch`, branch);
