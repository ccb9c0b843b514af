// The head of the page: which setting works, in words, and what went wrong with the rows.

import { find, whenChanged } from "../../draw/layers/dom.js";
import { say } from "../../table/rows/row_layer.js";
import { groupLink } from "../words/links.js";
import { storyWords } from "../words/story.js";

/** @param {ReturnType<typeof import("../numbers/view.js").remembered>} viewOf
 * @returns {import("../../draw/painter.js").PanelOf<Results.State>} */
export function createStory(viewOf) {
  const [headline, answer, name] = [find("#headline"), find("#answer"), find("#group-name")];
  const [problem, notice] = [find("#rows-problem"), find("#results-notice")];
  const list = /** @type {HTMLAnchorElement} */ (find("#group-runs"));
  const changed = whenChanged();
  return {
    every: 250,
    paint({ group, results, problem: trouble, choice, notice: told }) {
      list.href = groupLink(group);
      problem.hidden = trouble === null;
      if (trouble) say(problem, results ? `The rows may be old: ${trouble.detail}` : trouble.detail);
      notice.hidden = told === null;
      say(notice, told ?? "");
      document.body.dataset.state = results ? "live" : trouble ? "error" : "loading";
      if (!results) return say(headline, trouble ? "These results cannot be shown" : "Asking for the results …");
      const view = viewOf(results, choice);
      if (!changed(results, view.kinds)) return undefined; // what the sentences are about, whatever the pictures show
      const words = storyWords(view);
      say(name, results.name);
      say(headline, words.headline);
      say(answer, words.answer);
      const title = `${results.name} · results · SAB Visualiser`;
      if (document.title !== title) document.title = title;
      return undefined;
    },
  };
}
