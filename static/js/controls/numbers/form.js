// The number fields of a form that holds fields of a run: what does not fit is told with the errors of the form.

import { numberField } from "./field.js";
import { isNumber, wantedOf } from "./wanted.js";

/**
 * @param {HTMLFormElement} form @param {ReturnType<typeof import("../form/errors.js").createFormErrors>} errors
 * @returns {{set: (field: HTMLInputElement | HTMLSelectElement, text: string) => void, settle: () => boolean}}
 *   `set` writes a text into a field of the form, be it for a number or not; `settle` takes what is typed, and answers
 *   whether all of it fits: else the first that does not has the focus
 */
export function numberFields(form, errors) {
  /** @type {Map<Element, import("./field.js").NumberField>} */
  const fields = new Map();
  for (const input of form.querySelectorAll("input"))
    if (isNumber(input.name))
      fields.set(
        input,
        numberField(input, {
          wanted: () => wantedOf(input.name),
          take: () => {},
          say: (refusal) => errors.refuse(input.name, refusal),
        }),
      );
  return {
    set(field, text) {
      const bound = fields.get(field);
      if (bound) bound.set(text);
      else field.value = text;
    },
    settle() {
      const wrong = [...fields.values()].filter(({ element, settle }) => !settle() && !element.disabled);
      wrong[0]?.element.focus();
      return wrong.length === 0;
    },
  };
}
