import type { ParsedText } from "@treadle/retrieval";
import Papa from "papaparse";
import { countOf } from "../../../kernel/count-of.ts";
import { AppError } from "../../../kernel/errors.ts";
import { decodeText, GUESS_WARNING } from "../text/decode-text.ts";
import { createTextBuilder, oneLine } from "../text/text-builder.ts";
import { type ReadInput, titleOf } from "./reader.ts";

/** One block per row, with a line "column: value" for each cell that is not blank. The title is the file's name. */
export const readCsv = (input: ReadInput): ParsedText => readTable(input, "");
export const readTsv = (input: ReadInput): ParsedText => readTable(input, "\t");

const MOST_SHOWN = 3;

/** An empty delimiter is detected. */
function readTable({ bytes, name, limits }: ReadInput, delimiter: string): ParsedText {
  const { text, isGuess } = decodeText(bytes);
  const builder = createTextBuilder({ maxChars: limits.textChars });
  if (isGuess) builder.warn(GUESS_WARNING);
  builder.setTitle(titleOf(name));
  let columns: readonly string[] | null = null;
  let [rows, cells] = [0, 0];
  const ragged: number[] = [];
  Papa.parse<string[]>(text, {
    delimiter,
    skipEmptyLines: "greedy",
    step({ data }) {
      cells += data.length;
      if (cells > limits.cells) throw tooManyCells(limits.cells);
      if (columns === null) {
        columns = data.map((cell, place) => oneLine(cell) || `column ${place + 1}`);
        return;
      }
      rows += 1;
      if (data.length !== columns.length) ragged.push(rows);
      builder.add("row", rowText(columns, data));
    },
  });
  if (ragged.length > 0)
    builder.warn(
      `${countOf(ragged.length, "row")} with more or fewer cells than the header, such as row ${ragged.slice(0, MOST_SHOWN).join(", ")}. Check the delimiter and the quotes.`,
    );
  return builder.build();
}

/** A cell without a column has the number of its place as a name. */
const rowText = (columns: readonly string[], cells: readonly string[]) =>
  cells
    .flatMap((cell, place) => (cell.trim() === "" ? [] : [fieldLine(columns[place] ?? `column ${place + 1}`, cell)]))
    .join("\n");

/** A field of a record, on one line. */
export const fieldLine = (field: string, value: string): string => `${field}: ${oneLine(value)}`;

export const tooManyCells = (most: number) =>
  new AppError("payload_too_large", {
    message: `The document has more than ${most} cells. Split it, or remove columns.`,
  });
