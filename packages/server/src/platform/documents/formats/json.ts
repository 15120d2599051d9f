import type { ParsedText } from "@treadle/retrieval";
import { AppError } from "../../../kernel/errors.ts";
import { isRecord } from "../../../kernel/is-record.ts";
import { messageOf } from "../../../kernel/message-of.ts";
import { decodeText, GUESS_WARNING } from "../text/decode-text.ts";
import { createTextBuilder, oneLine, type TextBuilder } from "../text/text-builder.ts";
import { type ReadInput, titleOf } from "./reader.ts";
import { fieldLine, tooManyCells } from "./table-file.ts";

type Fields = { readonly builder: TextBuilder; readonly maxCells: number; count: number };

const MOST_DEPTH = 100;

/** An array of records becomes one block per record. Any other JSON is a block of code. */
export function readJson(input: ReadInput): ParsedText {
  const { builder, text } = start(input);
  const value = parseJson(text, "The document");
  if (Array.isArray(value) && value.length > 0 && value.every(isRecord)) addRecords(value, fieldsOf(builder, input));
  else builder.add("code", text, { language: "json" });
  return builder.build();
}

/** One block per line. */
export function readJsonl(input: ReadInput): ParsedText {
  const { builder, text } = start(input);
  const fields = fieldsOf(builder, input);
  for (const [place, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    const value = parseJson(line, `Line ${place + 1}`);
    if (isRecord(value)) addRecords([value], fields);
    else builder.add("row", typeof value === "string" ? value : line);
  }
  return builder.build();
}

function start({ bytes, name, limits }: ReadInput) {
  const { text, isGuess } = decodeText(bytes);
  const builder = createTextBuilder({ maxChars: limits.textChars });
  if (isGuess) builder.warn(GUESS_WARNING);
  builder.setTitle(titleOf(name));
  return { builder, text };
}

const fieldsOf = (builder: TextBuilder, { limits }: ReadInput): Fields => ({
  builder,
  maxCells: limits.cells,
  count: 0,
});

function parseJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AppError("unprocessable", { message: `${where} is not valid JSON: ${messageOf(cause)}.`, cause });
  }
}

function addRecords(records: readonly Record<string, unknown>[], fields: Fields): void {
  for (const record of records) {
    const lines: string[] = [];
    addFields(record, { path: "", depth: 0, lines, fields });
    fields.builder.add("row", lines.join("\n"));
  }
}

type Place = { readonly path: string; readonly depth: number; readonly lines: string[]; readonly fields: Fields };

/** A line per value: `address.city: Bern`. Simple lists are one line. */
function addFields(value: unknown, { path, depth, lines, fields }: Place): void {
  if (value === null || value === undefined || value === "") return;
  if (depth > MOST_DEPTH)
    throw new AppError("unprocessable", { message: `The JSON is nested more than ${MOST_DEPTH} levels deep.` });
  const isList = Array.isArray(value);
  if (typeof value === "object" && !(isList && value.every(isSimple))) {
    for (const [key, child] of Object.entries(value)) {
      const name = isList ? `${Number(key) + 1}` : oneLine(key);
      addFields(child, { path: path === "" ? name : `${path}.${name}`, depth: depth + 1, lines, fields });
    }
    return;
  }
  fields.count += 1;
  if (fields.count > fields.maxCells) throw tooManyCells(fields.maxCells);
  lines.push(fieldLine(path, isList ? value.join(", ") : String(value)));
}

const isSimple = (value: unknown) => typeof value !== "object" || value === null;
