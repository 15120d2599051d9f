import { type CellObject, read, type WorkSheet } from "@e965/xlsx";
import type { ParsedText } from "@treadle/retrieval";
import { zipSync } from "fflate";
import { AppError } from "../../../kernel/errors.ts";
import { messageOf } from "../../../kernel/message-of.ts";
import { readZip } from "../parser/read-zip.ts";
import { createTextBuilder } from "../text/text-builder.ts";
import type { ReadInput } from "./reader.ts";
import { tooManyCells } from "./table-file.ts";

/** Pictures, macros and embedded files are not unpacked. */
const isWanted = (path: string) => /\.(?:xml|rels)$/i.test(path) && !/^xl\/(?:media|embeddings)\//.test(path);

/** Each visible sheet is a heading and a table, whose first row is the header. Cells are as Excel shows them. */
export async function readXlsx({ bytes, limits }: ReadInput): Promise<ParsedText> {
  const content = await readZip(bytes, { limits: limits.zip, wants: isWanted });
  const builder = createTextBuilder({ maxChars: limits.textChars });
  const workbook = open(zipSync(Object.fromEntries(content), { level: 0 }));
  builder.setTitle(workbook.Props?.Title);
  let cells = 0;
  for (const [place, name] of workbook.SheetNames.entries()) {
    if (workbook.Workbook?.Sheets?.[place]?.Hidden) {
      builder.warn(`The hidden sheet "${name}" was left out.`);
      continue;
    }
    const sheet = workbook.Sheets[name];
    const rows = sheet ? rowsOf(sheet, limits.cells - cells) : [];
    cells += rows.length * (rows[0]?.length ?? 0);
    builder.add("heading", name, { level: 1 });
    builder.addTable({ rows, headerRows: 1 });
  }
  return builder.build();
}

function open(archive: Uint8Array) {
  try {
    return read(archive, { type: "array", dense: true, cellFormula: false, cellHTML: false, cellDates: false });
  } catch (cause) {
    throw new AppError("unprocessable", {
      message: `The workbook is damaged: ${messageOf(cause)}. Open it in Excel, and save it again.`,
      cause,
    });
  }
}

/** The rows and columns of a sheet that have a value. A sheet may declare millions of cells that it does not have. */
function rowsOf(sheet: WorkSheet, mostCells: number): string[][] {
  const data: readonly (readonly CellObject[] | undefined)[] = sheet["!data"] ?? [];
  const filled: ReadonlyMap<number, string>[] = [];
  const columns = new Set<number>();
  // `forEach` skips the holes of a sparse list.
  data.forEach((cells) => {
    const row = new Map<number, string>();
    cells?.forEach((cell, column) => {
      const text = textOf(cell);
      if (text.trim() === "") return;
      row.set(column, text);
      columns.add(column);
    });
    if (row.size > 0) filled.push(row);
  });
  const used = [...columns].sort((a, b) => a - b);
  if (filled.length * used.length > mostCells) throw tooManyCells(mostCells);
  return filled.map((row) => used.map((column) => row.get(column) ?? ""));
}

/** As Excel shows the value. */
const textOf = ({ w, v }: CellObject): string => w ?? (v === undefined || v === null ? "" : String(v));
