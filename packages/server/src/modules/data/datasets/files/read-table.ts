import { countOf } from "../../../../kernel/count-of.ts";
import { AppError } from "../../../../kernel/errors.ts";
import { type Cell, cellsOf, unescapeFormula } from "./cells.ts";
import type { FileLimits } from "./limits.ts";
import { parseJson, textProblem } from "./parse-row.ts";
import { badRow, type FileRow, type FileRows, goodRow, pointerStep } from "./row.ts";
import { type FileRecord, splitRecords } from "./split-records.ts";

/** A column whose name ends so holds JSON, as the exports of Treadle write it. */
export const JSON_SUFFIX = ":json";

type Options = { readonly delimiter: string; readonly hasHeader: boolean; readonly limits: FileLimits };
type Column = { readonly name: string; readonly isJson: boolean };

/** The records of a CSV or TSV file by column name. Cells are texts; an empty cell has no key. */
export async function* readTable(source: AsyncIterable<Uint8Array>, options: Options): FileRows {
  const { delimiter, hasHeader, limits } = options;
  let columns: readonly Column[] | null = null;
  for await (const records of splitRecords(source, { delimiter: delimiter.charCodeAt(0), limits })) {
    const rows: FileRow[] = [];
    for (const record of records) {
      const cells = readCells(record, delimiter);
      if (!Array.isArray(cells)) rows.push(cells);
      else if (cells.length === 1 && cells[0] === null) continue;
      else if (columns === null) {
        columns = columnsOf(cells, options);
        if (!hasHeader) rows.push(rowOf(record.line, cells, columns));
      } else rows.push(rowOf(record.line, cells, columns));
      if (columns === null) throw headerProblem(rows.at(-1));
    }
    if (rows.length > 0) yield rows;
  }
}

function readCells(record: FileRecord, delimiter: string): Cell[] | FileRow {
  if (record.problem !== null) return badRow(record.line, record.problem);
  const unreadable = textProblem(record.bytes);
  return unreadable === null
    ? cellsOf(record.bytes.toString(), delimiter, record.hasQuotes)
    : badRow(record.line, unreadable);
}

const headerProblem = (row: FileRow | undefined) =>
  new AppError("unprocessable", {
    message: `The header line cannot be read. ${row?.problem?.message ?? ""}`.trim(),
    details: { line: row?.line ?? 1 },
  });

/** Names without a repeat; a column without a name is called by its place. */
function columnsOf(cells: readonly Cell[], { hasHeader, limits }: Options): Column[] {
  if (cells.length > limits.columns)
    throw new AppError("unprocessable", {
      message: `The header line has ${cells.length} columns; at most ${limits.columns} are allowed. Check the delimiter.`,
      details: { line: 1 },
    });
  const usedNames = new Set<string>();
  return cells.map((cell, place) => {
    const text = hasHeader ? (cell ?? "").trim() : "";
    const isJson = text.endsWith(JSON_SUFFIX);
    const bare = isJson ? text.slice(0, -JSON_SUFFIX.length) : text;
    const wanted = bare === "" ? `column_${place + 1}` : bare === "__proto__" ? "proto" : unescapeFormula(bare);
    let name = wanted;
    for (let repeat = 2; usedNames.has(name); repeat++) name = `${wanted}_${repeat}`;
    usedNames.add(name);
    return { name, isJson };
  });
}

function rowOf(line: number, cells: readonly Cell[], columns: readonly Column[]): FileRow {
  const isRagged = cells.length < columns.length || cells.slice(columns.length).some((cell) => cell !== null);
  if (isRagged) {
    const message = `The row has ${countOf(cells.length, "cell")}, but the header has ${countOf(columns.length, "column")}. Add or remove cells; quote a cell that contains the delimiter.`;
    return badRow(line, message);
  }
  const row: Record<string, unknown> = {};
  for (const [place, { name, isJson }] of columns.entries()) {
    const cell = cells[place] ?? null;
    if (cell === null) continue;
    if (!isJson) row[name] = unescapeFormula(cell);
    else {
      const { value, problem } = parseJson(Buffer.from(cell));
      if (problem !== null) return badRow(line, problem.message, pointerStep(name) + problem.pointer);
      row[name] = value;
    }
  }
  return goodRow(line, row);
}

const DELIMITERS = [",", "\t", ";", "|"] as const;

/** The delimiter that the first line has most of, outside of quotes. */
export function guessDelimiter(head: string): string {
  const line = (head.split("\n", 1)[0] ?? "").replaceAll(/"[^"]*"/g, "");
  let best: string = DELIMITERS[0];
  for (const delimiter of DELIMITERS) if (line.split(delimiter).length > line.split(best).length) best = delimiter;
  return best;
}
