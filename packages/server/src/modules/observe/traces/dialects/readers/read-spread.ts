import { type AttributeReader, toJson } from "./attribute-reader.ts";
import type { Reading } from "./dialect.ts";
import type { JsonRecord } from "./json.ts";
import type { Message } from "./message.ts";
import { toFacts } from "./read-content.ts";
import { readIndexedDocuments } from "./read-documents.ts";
import { readIndexed } from "./read-indexed.ts";
import { readMessages } from "./read-messages.ts";
import type { Attributes } from "./received-span.ts";

/** Readers of what OpenInference, and traceAI after it, spread over numbered keys. A field that they do not know stays an attribute. */

const MESSAGE_FIELDS =
  /^message\.(?:role|name|tool_call_id|content|function_call_(?:name|arguments_json)|contents?\.\d+\.message_content\.(?:type|text|(?:image|audio)(?:\.(?:image|audio)\.(?:url|mime_type))?)|tool_calls\.\d+\.tool_call\.(?:id|function\.(?:name|arguments)))$/;

/**
 * `PREFIX.N.message.{role,content,contents.M.message_content.…,tool_calls.K.tool_call.…}`. Undefined if there are none.
 */
export function readSpreadMessages(
  reader: AttributeReader,
  prefix: string,
  role: "user" | "assistant",
): Message[] | undefined {
  const messages = reader.items(prefix, MESSAGE_FIELDS).map(({ fields }) => toMessage(fields));
  return messages.length > 0 ? readMessages(messages, role) : undefined;
}

export const readSpreadTools = (reader: AttributeReader, prefix: string): readonly unknown[] =>
  reader
    .items(prefix, /^tool\.json_schema$/)
    .flatMap(({ fields }) => (fields.has("tool.json_schema") ? [toJson(fields.get("tool.json_schema") ?? null)] : []));

/** The texts. Of the vectors, only the length is stored, because they are many times longer than the text. */
export function readSpreadEmbeddings(reader: AttributeReader): Pick<Reading, "input" | "output" | "attributes"> {
  const items = reader.items("embedding.embeddings.", /^embedding\.(?:text|vector)$/);
  if (items.length === 0) return {};
  const vector = items[0]?.fields.get("embedding.vector");
  reader.drop("input.value");
  return {
    input: items.map(({ fields }) => fields.get("embedding.text") ?? ""),
    output: null,
    attributes: toFacts({ "gen_ai.embeddings.dimension.count": Array.isArray(vector) ? vector.length : undefined }),
  };
}

/** The query and the documents that went into a rerank, and the documents in their new order. */
export function readSpreadRerank(reader: AttributeReader): Pick<Reading, "input" | "output"> {
  const documents = readIndexedDocuments(reader, "reranker.input_documents.");
  return {
    ...(documents && { input: { query: reader.value("reranker.query") ?? null, documents } }),
    output: readIndexedDocuments(reader, "reranker.output_documents."),
  };
}

function toMessage(fields: Attributes): JsonRecord {
  const contents = ["message.contents.", "message.content."].flatMap((prefix) =>
    readIndexed(fields, prefix).items.map((item) => toContent(item.fields)),
  );
  const calls = readIndexed(fields, "message.tool_calls.").items.map((item) => toCall(item.fields));
  return {
    role: fields.get("message.role"),
    name: fields.get("message.name"),
    tool_call_id: fields.get("message.tool_call_id"),
    content: contents.length > 0 ? contents : (fields.get("message.content") ?? ""),
    tool_calls: calls,
    function_call: functionCallOf(fields),
  };
}

function toContent(fields: Attributes): JsonRecord {
  const image = fields.get("message_content.image.image.url") ?? fields.get("message_content.image");
  if (typeof image === "string") return { type: "image_url", image_url: { url: image } };
  const audio = fields.get("message_content.audio.audio.url") ?? fields.get("message_content.audio");
  if (typeof audio === "string")
    return { type: "audio", url: audio, mime_type: fields.get("message_content.audio.audio.mime_type") };
  return { type: fields.get("message_content.type") ?? "text", text: fields.get("message_content.text") ?? "" };
}

const toCall = (fields: Attributes): JsonRecord => ({
  id: fields.get("tool_call.id"),
  function: {
    name: fields.get("tool_call.function.name"),
    arguments: fields.get("tool_call.function.arguments"),
  },
});

function functionCallOf(fields: Attributes): JsonRecord | undefined {
  const name = fields.get("message.function_call_name");
  return name === undefined ? undefined : { name, arguments: fields.get("message.function_call_arguments_json") };
}
