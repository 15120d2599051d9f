import type { ParsedText } from "@treadle/retrieval";
import { addMarkup } from "../markup/add-markup.ts";
import { parseHtml } from "../markup/dom.ts";
import { decodeText, GUESS_WARNING } from "../text/decode-text.ts";
import { createTextBuilder } from "../text/text-builder.ts";
import type { ReadInput } from "./reader.ts";

/** Within these bytes, a page must declare its encoding (HTML standard). */
const HEAD_BYTES = 1_024;

/** The content of a web page. Scripts are not run. Hidden text becomes hidden blocks. */
export function readHtml({ bytes, limits }: ReadInput): ParsedText {
  const { text, isGuess } = decodeText(bytes, declaredEncoding(bytes));
  const builder = createTextBuilder({ maxChars: limits.textChars });
  if (isGuess) builder.warn(GUESS_WARNING);
  addMarkup(parseHtml(text), { builder, maxCells: limits.cells, isWhole: false });
  return builder.build();
}

function declaredEncoding(bytes: Uint8Array): string | null {
  const head = Buffer.from(bytes.subarray(0, HEAD_BYTES)).toString("latin1");
  return /<meta[^>]+charset\s*=\s*["']?\s*([\w-]+)/i.exec(head)?.[1] ?? null;
}
