import { isRecord } from "../../../../kernel/is-record.ts";
import { trustOfRole } from "./chat.ts";
import { mapStrings } from "./json-strings.ts";
import {
  type JsonRecord,
  mapContent,
  mapItems,
  mapText,
  type Place,
  type TextVisitor,
  withFields,
} from "./text-visitor.ts";

/** The texts of a request in Anthropic's shape. */
export function mapMessages(request: JsonRecord, visitor: TextVisitor): JsonRecord {
  const part = (block: JsonRecord, at: Place) => mapBlock(block, visitor, at);
  const { system, messages } = request;
  const changes: Record<string, unknown> = {};
  if (system !== undefined) changes.system = mapContent(system, { trust: "system", path: "system" }, { visitor, part });
  if (Array.isArray(messages))
    changes.messages = mapItems(messages, (message, place) => {
      if (!isRecord(message)) return message;
      const at = { trust: trustOfRole(message.role), path: `messages.${place}.content` };
      return withFields(message, { content: mapContent(message.content, at, { visitor, part }) });
    });
  return withFields(request, changes);
}

function mapBlock(block: JsonRecord, visitor: TextVisitor, at: Place): JsonRecord {
  const type = String(block.type ?? "text");
  if (type === "text") return withFields(block, { text: mapText(block.text, visitor, at) });
  if (type === "thinking") return withFields(block, { thinking: mapText(block.thinking, visitor, at) });
  // What the provider encrypted is only for the provider.
  if (type === "redacted_thinking") return block;
  if (type.endsWith("tool_use")) {
    const inside = { trust: "tool-arguments", path: `${at.path}.input` } as const;
    return withFields(block, { input: mapStrings(block.input, visitor, inside) });
  }
  if (type === "tool_result") {
    const inside = { trust: "tool-result", path: `${at.path}.content` } as const;
    const part = (inner: JsonRecord, place: Place) => mapBlock(inner, visitor, place);
    return withFields(block, { content: mapContent(block.content, inside, { visitor, part }) });
  }
  if (type.endsWith("tool_result")) {
    const inside = { trust: "tool-result", path: `${at.path}.content` } as const;
    return withFields(block, { content: mapStrings(block.content, visitor, inside) });
  }
  if (type === "document" || type === "search_result") return mapRetrieved(block, visitor, at);
  visitor.unknown(at);
  return block;
}

/** A document or a search result: text that somebody else wrote. */
function mapRetrieved(block: JsonRecord, visitor: TextVisitor, { path }: Place): JsonRecord {
  const at = (name: string) => ({ trust: "retrieved", path: `${path}.${name}` }) as const;
  const part = (inner: JsonRecord, place: Place) => mapBlock(inner, visitor, place);
  const changes: Record<string, unknown> = {};
  for (const name of ["title", "context"])
    if (typeof block[name] === "string") changes[name] = mapText(block[name], visitor, at(name));
  if (Array.isArray(block.content)) changes.content = mapContent(block.content, at("content"), { visitor, part });
  if (isRecord(block.source)) changes.source = mapSource(block.source, visitor, at("source"));
  return withFields(block, changes);
}

function mapSource(source: JsonRecord, visitor: TextVisitor, at: Place): JsonRecord {
  const part = (inner: JsonRecord, place: Place) => mapBlock(inner, visitor, place);
  if (source.type === "text") return withFields(source, { data: mapText(source.data, visitor, at) });
  if (source.type === "content")
    return withFields(source, { content: mapContent(source.content, at, { visitor, part }) });
  visitor.unknown(at);
  return source;
}
