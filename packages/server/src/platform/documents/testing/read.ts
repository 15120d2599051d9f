import type { ParsedText } from "@treadle/retrieval";
import { READERS } from "../formats/readers.ts";
import { DOCUMENT_LIMITS } from "../limits.ts";
import { parseDocument } from "../parser/parse-document.ts";
import type { DocumentLimits } from "../port.ts";
import type { ExpectedBlock } from "./structure.ts";

/** Reads a document in this process. */
export async function read(
  name: string,
  content: string | Uint8Array,
  limits: Partial<DocumentLimits> = {},
): Promise<ParsedText & { readonly format: string }> {
  const bytes = typeof content === "string" ? Buffer.from(content) : content;
  const { format, parsed } = await parseDocument(
    { bytes, name },
    { readers: READERS, limits: { ...DOCUMENT_LIMITS, ...limits } },
  );
  return { ...parsed, format };
}

/** The blocks with their texts, cut from the canonical text. */
export const cutBlocks = ({ text, blocks }: ParsedText): ExpectedBlock[] =>
  blocks.map(({ kind, start, end, level, headerEnd }) => ({
    kind,
    text: text.slice(start, end),
    ...(level !== undefined && { level }),
    ...(headerEnd !== undefined && { header: text.slice(start, headerEnd) }),
  }));

/** Throws unless the blocks are in order, do not overlap, and only blank lines are between them. */
export function checkOffsets({ text, blocks, pages }: ParsedText): void {
  let end = 0;
  for (const block of blocks) {
    if (block.start < end || block.end <= block.start || block.end > text.length)
      throw new Error(`A block has the offsets ${block.start} to ${block.end} after ${end}.`);
    if (text.slice(end, block.start).trim() !== "") throw new Error(`There is text between blocks at ${end}.`);
    end = block.end;
  }
  if (text.slice(end) !== "") throw new Error("There is text after the last block.");
  if (text !== text.normalize("NFC") || text.includes("\r")) throw new Error("The text is not canonical.");
  for (const [place, page] of pages.entries())
    if (page.start < (pages[place - 1]?.end ?? 0) || page.end < page.start)
      throw new Error(`Page ${page.number} has the offsets ${page.start} to ${page.end}.`);
}
