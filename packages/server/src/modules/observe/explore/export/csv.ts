/** Characters that start a formula in a spreadsheet. */
const FORMULA = /^[=+\-@\t\r]/;

type Options = { readonly quotesFormulas: boolean };

/** One line of CSV as RFC 4180 writes it, with its line end. Lists and objects are JSON. */
export const csvLine = (values: readonly unknown[], options: Options) =>
  `${values.map((value) => csvCell(value, options)).join(",")}\r\n`;

function csvCell(value: unknown, { quotesFormulas }: Options): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const safe = quotesFormulas && FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
