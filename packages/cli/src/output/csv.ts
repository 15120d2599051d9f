import { cellOf } from "./cells.ts";

/** One record of CSV, as RFC 4180 has it. A text that a spreadsheet would take for a formula gets an apostrophe. */
export const csvLine = (values: readonly unknown[]) => `${values.map(field).join(",")}\r\n`;

function field(value: unknown): string {
  const text = typeof value === "string" ? guard(value) : cellOf(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const guard = (text: string) => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text);
