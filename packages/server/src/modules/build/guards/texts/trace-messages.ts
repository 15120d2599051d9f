import type { Trust } from "@treadle/guards";
import { isRecord } from "../../../../kernel/is-record.ts";
import { mapPart, trustOfRole } from "./chat.ts";
import { mapArguments, mapStrings } from "./json-strings.ts";
import { type JsonRecord, mapContent, type Place, type TextVisitor } from "./text-visitor.ts";

/** The content of a call as its span stores it: messages in OpenTelemetry's shape, texts, or the field of a request. */
export type StoredContent = { readonly input: unknown; readonly output: unknown };

/** Reads the texts of a stored call. Paths are places in the span. What was a document in the request is a text of the user here. */
export function readStoredTexts({ input, output }: StoredContent, visitor: TextVisitor): void {
  readPayload(input, visitor, { trust: "user", path: "input" });
  readPayload(output, visitor, { trust: "output", path: "output" });
}

function readPayload(value: unknown, visitor: TextVisitor, at: Place): void {
  if (typeof value === "string") visitor.text(value, at);
  else if (Array.isArray(value)) readItems(value, visitor, at);
  else if (isRecord(value)) mapStrings(value, visitor, at);
}

function readItems(items: readonly unknown[], visitor: TextVisitor, at: Place): void {
  // The tokens of an embedding are numbers.
  if (items.some((item) => typeof item === "number")) {
    visitor.unknown(at);
    return;
  }
  for (const [place, item] of items.entries()) {
    const here = { ...at, path: `${at.path}.${place}` };
    if (typeof item === "string") visitor.text(item, here);
    else if (Array.isArray(item)) readItems(item, visitor, here);
    else if (isRecord(item)) readMessage(item, visitor, here);
  }
}

function readMessage(message: JsonRecord, visitor: TextVisitor, { trust: usual, path }: Place): void {
  const trust = usual === "output" || message.role === undefined ? usual : trustOfRole(message.role);
  if (Array.isArray(message.parts)) {
    for (const [place, part] of message.parts.entries())
      if (isRecord(part)) readPart(part, visitor, { trust, path: `${path}.parts.${place}` });
    return;
  }
  // A request that could not be translated is stored as it was sent.
  mapStrings(message, visitor, { trust, path });
}

const TEXT_PARTS: ReadonlySet<unknown> = new Set(["text", "reasoning", "refusal", "thinking"]);
const under = (trust: Trust, path: string): Place => ({ trust, path });

function readPart(part: JsonRecord, visitor: TextVisitor, at: Place): void {
  const { type } = part;
  if (type === "tool_call") {
    const place = under("tool-arguments", `${at.path}.arguments`);
    if (typeof part.arguments === "string") mapArguments(part.arguments, visitor, place);
    else mapStrings(part.arguments, visitor, place);
  } else if (type === "tool_call_response") {
    const place = under("tool-result", `${at.path}.response`);
    if (Array.isArray(part.response)) mapContent(part.response, place, { visitor, part: mapPart(visitor) });
    else mapStrings(part.response, visitor, place);
  } else if (TEXT_PARTS.has(type) && typeof part.content === "string")
    visitor.text(part.content, { ...at, path: `${at.path}.content` });
  else if (typeof part.text === "string") visitor.text(part.text, { ...at, path: `${at.path}.text` });
  else visitor.unknown(at);
}
