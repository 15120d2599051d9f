import { textTable } from "../suites/text-table.ts";
import { cellOf, isObject, shorten, valueAt } from "./cells.ts";
import { csvLine } from "./csv.ts";
import type { Format } from "./format.ts";
import type { Sink } from "./sink.ts";
import { idOf } from "./write-rows.ts";

type Options = {
  readonly format: Format;
  readonly columns?: readonly string[];
  readonly id?: string;
  readonly width?: number;
};

const LEAST_ROOM = 20;

/** Writes one object: a field in each line for people, or the form that was asked for. */
export async function writeObject(sink: Sink, value: unknown, { format, columns, id, width }: Options): Promise<void> {
  const fields = columns ?? (isObject(value) ? Object.keys(value) : []);
  const chosen = columns ? Object.fromEntries(columns.map((name) => [name, valueAt(value, name)])) : value;
  if (format === "json" || format === "jsonl") return sink.write(`${JSON.stringify(chosen)}\n`);
  if (format === "ids") return sink.write(`${idOf(value, id)}\n`);
  if (!isObject(value)) return sink.write(`${cellOf(value)}\n`);
  if (format === "csv") return sink.write(csvLine(fields) + csvLine(fields.map((name) => valueAt(value, name))));
  const rows = fields.flatMap((name) => linesOf(name, valueAt(value, name)));
  const room = Math.max(
    LEAST_ROOM,
    (width ?? Number.MAX_SAFE_INTEGER) - Math.max(0, ...rows.map(([name]) => name.length)) - 2,
  );
  if (rows.length > 0) await sink.write(`${textTable(rows.map(([name, cell]) => [name, shorten(cell, room)]))}\n`);
}

/** A small object in the object is shown field by field, one level deep. */
function linesOf(name: string, value: unknown): [name: string, cell: string][] {
  if (!isObject(value) || Object.keys(value).length === 0) return [[name, cellOf(value)]];
  return Object.entries(value).map(([inner, cell]) => [`${name}.${inner}`, cellOf(cell)]);
}
