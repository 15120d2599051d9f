import { createInterface } from "node:readline";
import { createGunzip } from "node:zlib";
import type { Item } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import { SHAPES } from "../../../data/datasets/index.ts";
import type { TrainingDeps } from "../stores/deps.ts";
import type { FileRow } from "../stores/file-store.ts";

type Row = Readonly<Record<string, unknown>>;

/** The rows of an uploaded file, as items. They were checked at the upload. */
export async function* readFileItems(
  objects: TrainingDeps["objects"],
  { object }: Pick<FileRow, "object">,
  signal: AbortSignal,
): AsyncGenerator<Item> {
  const bytes = await objects.get(object);
  const input = bytes.pipe(createGunzip());
  bytes.on("error", (error) => input.destroy(error));
  let line = 0;
  for await (const text of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    signal.throwIfAborted();
    line++;
    if (text.trim() !== "") yield itemOfLine(text, line);
  }
}

/** The item of a line of JSONL. Throws `invalid_request` that names the line, the place in it and what is wrong. */
export function itemOfLine(text: string, line: number): Item {
  const row = parseRow(text, line);
  const shape = SHAPES.find(
    (candidate) => candidate.id !== "treadle" && candidate.id !== "table" && candidate.fits(row),
  );
  if (!shape)
    throw badLine(
      line,
      "it has neither `messages`, nor `prompt` and `completion`, nor `input` and `preferred_output`.",
    );
  try {
    const { itemId, inputs, expected, metadata, split } = shape.read(row);
    return { itemId: itemId ?? `line-${line}`, inputs, expected, metadata, split, source: { kind: "file", line } };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const { pointer = "" } = (error.details ?? {}) as { pointer?: string };
    throw badLine(line, `${pointer}: ${error.message}`, error);
  }
}

function parseRow(text: string, line: number): Row {
  let row: unknown;
  try {
    row = JSON.parse(text);
  } catch (cause) {
    throw badLine(line, "it is not valid JSON.", cause);
  }
  if (typeof row !== "object" || row === null || Array.isArray(row)) throw badLine(line, "it is not a JSON object.");
  return row as Row;
}

export const badLine = (line: number, message: string, cause?: unknown) =>
  new AppError("invalid_request", {
    message: `Line ${line} of the file cannot be used for training: ${message}`,
    details: { param: "file", code: "invalid_file_format", line },
    cause,
  });
