import { setImmediate } from "node:timers/promises";
import { FILE_PURPOSES_OF_STORES, MAX_DOCUMENT_BYTES } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import { badLine, itemOfLine } from "../data/file-items.ts";
import { formatOf, rowOfItem } from "../data/row-of-item.ts";

export type Upload = { readonly name: string; readonly purpose: string; readonly bytes: Buffer; readonly rows: number };

const TRAINING = "fine-tune";
const PURPOSES: readonly string[] = [TRAINING, ...FILE_PURPOSES_OF_STORES];
const MOST_TRAINING_BYTES = 16 * 1024 * 1024;
const LINES_AT_ONCE = 500;
const invalid = (param: string, message: string, cause?: unknown) =>
  new AppError("invalid_request", { message: `${param}: ${message}`, details: { param }, cause });

/** Reads an upload of `multipart/form-data` with `purpose` and `file`. Throws `invalid_request` that names the part, or the line of the file. */
export async function readUpload(bytes: Buffer, contentType: string | undefined): Promise<Upload> {
  if (!contentType?.toLowerCase().startsWith("multipart/form-data"))
    throw new AppError("unsupported_media_type", {
      message: "Send the file as multipart/form-data with `purpose` and `file`.",
    });
  const form = await parseForm(bytes, contentType);
  const [purpose, file] = [form.get("purpose"), form.get("file")];
  if (typeof purpose !== "string" || !PURPOSES.includes(purpose))
    throw invalid("purpose", "must be fine-tune, or assistants or user_data for a file of a vector store.");
  if (!(file instanceof File)) throw invalid("file", "is missing, or is not a file.");
  const content = Buffer.from(await file.arrayBuffer());
  checkSize(content, purpose);
  const rows = purpose === TRAINING ? await countRows(content) : 0;
  return { name: file.name.slice(0, 300) || "file", purpose, bytes: content, rows };
}

function checkSize({ length }: Buffer, purpose: string): void {
  const most = purpose === TRAINING ? MOST_TRAINING_BYTES : MAX_DOCUMENT_BYTES;
  if (length > most)
    throw new AppError("payload_too_large", {
      message: `file: it is larger than ${most / 1024 / 1024} MiB. Divide it into smaller files.`,
      details: { param: "file" },
    });
  if (length === 0 && purpose !== TRAINING) throw invalid("file", "it is empty. Upload a file with content.");
}

async function parseForm(bytes: Buffer, contentType: string): Promise<FormData> {
  try {
    return await new Response(new Uint8Array(bytes), { headers: { "content-type": contentType } }).formData();
  } catch (cause) {
    throw invalid("body", "it is not valid multipart/form-data.", cause);
  }
}

/** Checks each line, so that errors are reported immediately, not by a run hours later. */
async function countRows(content: Buffer): Promise<number> {
  const text = new TextDecoder("utf-8", { ignoreBOM: false }).decode(content);
  let rows = 0;
  for (const [place, line] of text.split("\n").entries()) {
    if (place % LINES_AT_ONCE === 0) await setImmediate();
    if (line.trim() === "") continue;
    checkTrainable(line, place + 1);
    rows++;
  }
  if (rows === 0) throw invalid("file", "it has no lines. Write one JSON object per line.");
  return rows;
}

/** Throws for what a run would refuse later, such as a chat that does not end with an answer of the assistant. */
function checkTrainable(text: string, line: number): void {
  const item = itemOfLine(text, line);
  try {
    rowOfItem(item, formatOf(item));
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    throw badLine(line, error.message, error);
  }
}
