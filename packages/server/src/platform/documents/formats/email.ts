import type { ParsedText } from "@treadle/retrieval";
import PostalMime, { type Address, type Attachment } from "postal-mime";
import { AppError } from "../../../kernel/errors.ts";
import { messageOf } from "../../../kernel/message-of.ts";
import { addMarkup } from "../markup/add-markup.ts";
import { parseHtml } from "../markup/dom.ts";
import { createTextBuilder, oneLine } from "../text/text-builder.ts";
import { withoutQuotes } from "./email-quotes.ts";
import { splitParagraphs } from "./plain-text.ts";
import type { ReadInput } from "./reader.ts";

const MOST_DEPTH = 50;
const MOST_NAMES = 10;

/**
 * A message: its subject as the title, a paragraph of its sender, receivers and date, and its text without quoted
 * messages. Attachments are named in a warning, and not read.
 */
export async function readEmail({ bytes, limits }: ReadInput): Promise<ParsedText> {
  const { subject, from, to, cc, date, text, html, attachments } = await parse(bytes);
  const builder = createTextBuilder({ maxChars: limits.textChars });
  builder.setTitle(subject);
  if (subject) builder.add("heading", oneLine(subject), { level: 1 });
  const fields = [
    ["From", from ? [from] : []],
    ["To", to ?? []],
    ["Cc", cc ?? []],
  ] as const;
  const lines = fields.flatMap(([name, people]) =>
    people.length === 0 ? [] : [`${name}: ${people.map(addressText).join(", ")}`],
  );
  builder.add("paragraph", [...lines, ...(date ? [`Date: ${date}`] : [])].join("\n"));
  if (text?.trim()) for (const paragraph of splitParagraphs(withoutQuotes(text))) builder.add("paragraph", paragraph);
  else if (html) addMarkup(parseHtml(html), { builder, maxCells: limits.cells, isWhole: true });
  if (attachments.length > 0) builder.warn(attachmentWarning(attachments));
  return builder.build();
}

async function parse(bytes: Uint8Array) {
  try {
    return await PostalMime.parse(bytes, { maxNestingDepth: MOST_DEPTH });
  } catch (cause) {
    throw new AppError("unprocessable", { message: `The message cannot be read: ${messageOf(cause)}.`, cause });
  }
}

const addressText = (address: Address): string =>
  address.group === undefined
    ? address.name === ""
      ? address.address
      : `${address.name} <${address.address}>`
    : address.name;

function attachmentWarning(attachments: readonly Attachment[]): string {
  const names = attachments.slice(0, MOST_NAMES).map(({ filename, mimeType }) => `"${filename ?? mimeType}"`);
  const more = attachments.length > MOST_NAMES ? ` and ${attachments.length - MOST_NAMES} more` : "";
  return `Attachments were not read: ${names.join(", ")}${more}. Add them as separate documents.`;
}
