// A text as a cell of a CSV file, with the same characters as the server's files (app/export/content/text.py). Pure.

/**
 * Quoted where it must be; what a spreadsheet would take for a formula has an apostrophe before it.
 * @param {string} text
 */
export function csvText(text) {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
