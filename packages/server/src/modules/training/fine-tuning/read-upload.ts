import { setImmediate } from "node:timers/promises";
import { AppError } from "../../../kernel/errors.ts";
import { itemOfLine } from "./file-items.ts";

export type Upload = { readonly name: string; readonly purpose: string; readonly bytes: Buffer; readonly rows: number };

const PURPOSE = "fine-tune";
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
  if (purpose !== PURPOSE) throw invalid("purpose", `must be ${PURPOSE}: files are here to train models on.`);
  if (!(file instanceof File)) throw invalid("file", "is missing, or is no file.");
  const content = Buffer.from(await file.arrayBuffer());
  return { name: file.name.slice(0, 300) || "file.jsonl", purpose, bytes: content, rows: await countRows(content) };
}

async function parseForm(bytes: Buffer, contentType: string): Promise<FormData> {
  try {
    return await new Response(new Uint8Array(bytes), { headers: { "content-type": contentType } }).formData();
  } catch (cause) {
    throw invalid("body", "it is no multipart/form-data that can be read.", cause);
  }
}

/** Looks at each line, so that what is wrong is said at once and not by a run hours later. */
async function countRows(content: Buffer): Promise<number> {
  const text = new TextDecoder("utf-8", { ignoreBOM: false }).decode(content);
  let rows = 0;
  for (const [place, line] of text.split("\n").entries()) {
    if (place % LINES_AT_ONCE === 0) await setImmediate();
    if (line.trim() === "") continue;
    itemOfLine(line, place + 1);
    rows++;
  }
  if (rows === 0) throw invalid("file", "it has no line. Write one JSON object a line.");
  return rows;
}
