import { textTable } from "../suites/text-table.ts";
import { cellOf, isObject, shorten, valueAt } from "./cells.ts";
import { csvLine } from "./csv.ts";
import type { Format } from "./format.ts";
import type { Sink } from "./sink.ts";

type Options = {
  readonly format: Exclude<Format, "json">;
  /** The columns that were asked for; otherwise the table's own, and every field in CSV. */
  readonly columns?: readonly string[];
  readonly tableColumns?: readonly string[];
  readonly id?: string;
  /** The width of the terminal; a file has none. */
  readonly width?: number;
};

const MOST_IN_CELL = 60;

/** Writes rows page by page. A table is written at the end, since its columns are as wide as their widest cell. */
export function createRowWriter(sink: Sink, { format, columns, tableColumns, id, width }: Options) {
  const table: unknown[] = [];
  let head: readonly string[] | undefined;
  const writeCsv = async (rows: readonly unknown[]) => {
    if (!head) {
      head = columns ?? (rows.length > 0 ? fieldsIn(rows) : (tableColumns ?? []));
      await sink.write(csvLine(head));
    }
    const names = head;
    for (const row of rows) await sink.write(csvLine(names.map((name) => valueAt(row, name))));
  };
  return {
    async write(rows: readonly unknown[]): Promise<void> {
      if (format === "text") table.push(...rows);
      else if (format === "csv") await writeCsv(rows);
      else
        for (const row of rows)
          await sink.write(`${format === "jsonl" ? JSON.stringify(pick(row, columns)) : idOf(row, id)}\n`);
    },
    async end(): Promise<void> {
      if (format !== "text" || table.length === 0) return;
      const names = columns ?? tableColumns ?? fieldsIn(table);
      const cells = table.map((row) => names.map((name) => shorten(cellOf(valueAt(row, name)), MOST_IN_CELL)));
      const filled = columns ? names.map(() => true) : names.map((_, place) => cells.some((row) => row[place] !== ""));
      const keep = (row: readonly string[]) => row.filter((_, place) => filled[place]);
      const isNumber = (place: number) => cells.every((row) => /^-?[\d.,]*(e-?\d+)?$/.test(keep(row)[place] ?? ""));
      const lines = textTable([keep(names.map(headOf)), ...cells.map(keep)], isNumber).split("\n");
      await sink.write(`${lines.map((line) => (width === undefined ? line : shorten(line, width))).join("\n")}\n`);
    },
  };
}

/** What identifies a row. Throws when nothing does. */
export function idOf(row: unknown, id: string | undefined): string {
  if (!isObject(row)) return cellOf(row);
  const fallback = Object.keys(row).find((name) => name === "id" || /^(name|slug|version|number|value)$/.test(name));
  const name = id !== undefined && id in row ? id : (Object.keys(row).find((one) => /[a-z]Id$/.test(one)) ?? fallback);
  if (name === undefined) throw new Error("The response has no id, so -q has nothing to print. Use --json.");
  return cellOf(row[name]);
}

/** `createdAt` → CREATED AT. */
const headOf = (name: string) =>
  name
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replaceAll(/[._]/g, " ")
    .toUpperCase();

const fieldsIn = (rows: readonly unknown[]) => [
  ...new Set(rows.flatMap((row) => (isObject(row) ? Object.keys(row) : ["value"]))),
];

const pick = (row: unknown, columns: readonly string[] | undefined) =>
  columns ? Object.fromEntries(columns.map((name) => [name, valueAt(row, name)])) : row;
