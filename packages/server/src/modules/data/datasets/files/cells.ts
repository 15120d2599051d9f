/** A cell: its text, or null if it is empty. A quoted empty cell is an empty text. */
export type Cell = string | null;

/** Characters that start a formula in a spreadsheet. */
const FORMULA = /^[=+\-@\t\r]/;
/** An escaped formula: apostrophes before what would begin one. */
const ESCAPED = /^'+[=+\-@\t\r]/;

/** The cells of a record. Text after a closing quote belongs to the cell, as most programs read it. */
export function cellsOf(record: string, delimiter: string, hasQuotes: boolean): Cell[] {
  if (!hasQuotes) return record.split(delimiter).map((text) => (text === "" ? null : text));
  const cells: Cell[] = [];
  let at = 0;
  for (;;) {
    const { cell, next } = record[at] === '"' ? quotedCell(record, delimiter, at) : bareCell(record, delimiter, at);
    cells.push(cell);
    if (next === null) return cells;
    at = next;
  }
}

type Found = {
  readonly cell: Cell /** Where the next cell begins; null after the last. */;
  readonly next: number | null;
};

function bareCell(record: string, delimiter: string, at: number): Found {
  const end = record.indexOf(delimiter, at);
  const cell = record.slice(at, end === -1 ? undefined : end);
  return { cell: cell === "" ? null : cell, next: end === -1 ? null : end + 1 };
}

function quotedCell(record: string, delimiter: string, at: number): Found {
  let text = "";
  let from = at + 1;
  for (;;) {
    const quote = record.indexOf('"', from);
    if (quote === -1) return { cell: text + record.slice(from), next: null };
    text += record.slice(from, quote);
    if (record[quote + 1] !== '"') {
      const tail = bareCell(record, delimiter, quote + 1);
      return { cell: text + (tail.cell ?? ""), next: tail.next };
    }
    text += '"';
    from = quote + 2;
  }
}

/** Removes the apostrophe that prevents a spreadsheet from calculating a text. */
export const unescapeFormula = (text: string) => (ESCAPED.test(text) ? text.slice(1) : text);

/** A text that no spreadsheet calculates: an apostrophe precedes the start of a formula, or an escaped start. */
const escapeFormula = (text: string) => (FORMULA.test(text) || ESCAPED.test(text) ? `'${text}` : text);

/** A text as a cell. It is quoted where it must be; an empty text is, so that it differs from nothing. */
export function cellOf(text: string, delimiter: string): string {
  const safe = escapeFormula(text);
  const isBare = safe !== "" && !safe.includes('"') && !safe.includes(delimiter) && !/[\r\n]/.test(safe);
  return isBare ? safe : `"${safe.replaceAll('"', '""')}"`;
}
