import { AppError } from "../../../kernel/errors.ts";
import { messageOf } from "../../../kernel/message-of.ts";
import { detectFormat } from "../detect-format.ts";
import type { Readers } from "../formats/readers.ts";
import type { DocumentFile, DocumentLimits, ParsedDocument } from "../port.ts";

type Options = { readonly readers: Readers; readonly limits: DocumentLimits };

/** Reads a document in this process. Throws like `Documents.parse`, except for the limits of time and memory. */
export async function parseDocument(file: DocumentFile, { readers, limits }: Options): Promise<ParsedDocument> {
  const { bytes, name } = file;
  const format = detectFormat(file);
  const load = readers.get(format);
  if (!load)
    throw new AppError("unsupported_media_type", {
      message: `"${name}" is ${format.toUpperCase()}, which has no reader.`,
    });
  const read = await load();
  try {
    const parsed = await read({ bytes, name, limits });
    if (parsed.blocks.length > 0) return { format, parsed };
    const warnings = [...parsed.warnings, "The document has no text."];
    return { format, parsed: { ...parsed, warnings } };
  } catch (cause) {
    if (cause instanceof AppError)
      throw new AppError(cause.code, {
        message: `"${name}" cannot be read. ${cause.message}`,
        details: cause.details,
        cause,
      });
    throw new AppError("unprocessable", {
      message: `"${name}" cannot be read as ${format.toUpperCase()}: ${messageOf(cause)}`,
      cause,
    });
  }
}
