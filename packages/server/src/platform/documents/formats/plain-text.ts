import type { ParsedText } from "@treadle/retrieval";
import { decodeText, GUESS_WARNING } from "../text/decode-text.ts";
import { createTextBuilder } from "../text/text-builder.ts";
import { type ReadInput, titleOf } from "./reader.ts";

/** Paragraphs are separated by blank lines. The title is the file's name. */
export function readPlainText({ bytes, name, limits }: ReadInput): ParsedText {
  const { text, isGuess } = decodeText(bytes);
  const builder = createTextBuilder({ maxChars: limits.textChars });
  if (isGuess) builder.warn(GUESS_WARNING);
  builder.setTitle(titleOf(name));
  for (const paragraph of splitParagraphs(text)) builder.add("paragraph", paragraph);
  return builder.build();
}

/** The stretches of a text between blank lines. */
export const splitParagraphs = (text: string): string[] => text.replace(/\r\n?/g, "\n").split(/\n(?:[^\S\n]*\n)+/);
