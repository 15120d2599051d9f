import type { ColumnMapping, FileReading, ItemShape } from "@treadle/contract";
import { type OpenFile, openRows } from "../files/open-rows.ts";
import type { Content, FileRow, Row } from "../files/row.ts";
import { fittingShapes } from "../shapes/find-shape.ts";
import { guessMapping } from "../shapes/guess-mapping.ts";

/** A reading in which nothing is left to be guessed. */
export type ResolvedReading = FileReading & {
  readonly format: OpenFile["format"];
  readonly shape: ItemShape;
  readonly mapping: ColumnMapping[];
};
export type NamedContent = { readonly name: string; readonly content: Content };
export type Inspection = {
  readonly reading: ResolvedReading;
  readonly isGzip: boolean;
  readonly delimiter: string | null;
  readonly fitting: readonly ItemShape[];
  readonly rows: readonly FileRow[];
  readonly isWholeFile: boolean;
};

const ROWS_LOOKED_AT = 1_000;

/** Inspects the beginning of a file, and detects unset reading options. */
export async function inspectFile({ name, content }: NamedContent, reading: FileReading): Promise<Inspection> {
  const { rows: source, format, isGzip, delimiter } = await openRows(content, { name, ...reading });
  const rows: FileRow[] = [];
  let isWholeFile = true;
  for await (const batch of source) {
    rows.push(...batch);
    isWholeFile = rows.length <= ROWS_LOOKED_AT;
    if (rows.length > ROWS_LOOKED_AT) break;
  }
  const looked = rows.slice(0, ROWS_LOOKED_AT);
  const good = looked.flatMap(({ row }) => (row === null ? [] : [row]));
  const fitting = fittingShapes(good).map(({ id }) => id);
  const shape = reading.shape ?? fitting[0] ?? "table";
  const mapping = reading.mapping ?? guessMapping(columnsOf(good));
  return { reading: { ...reading, format, shape, mapping }, isGzip, delimiter, fitting, rows: looked, isWholeFile };
}

/** The keys of the rows in the order they come. */
export function columnsOf(rows: readonly Row[]): string[] {
  const columns = new Set<string>();
  for (const row of rows) for (const key of Object.keys(row)) columns.add(key);
  return [...columns].slice(0, MAX_COLUMNS);
}
const MAX_COLUMNS = 1_000;
