import type { ChatRequest } from "@treadle/contract";
import { isRecord } from "../../../../../kernel/is-record.ts";
import { readArguments, readToolCalls } from "../../formats/hub/chat-request.ts";
import { invalid, mediaTypeOf, type Part, readParts, readText, type Source } from "../../formats/hub/content.ts";
import { compact, type JsonRecord, parseJson, textOf } from "../../formats/hub/json.ts";
import { detailsOf, GEMINI_FORMAT } from "../../formats/hub/reasoning.ts";

export type GeminiContent = { readonly role: "user" | "model"; readonly parts: JsonRecord[] };

/** Google's documented signature for calls from another model. Gemini 3 rejects a call without a signature. */
const NO_SIGNATURE = "skip_thought_signature_validator";

/** From version 3, the first call of each step must have a signature. */
export function needsSignatures(model: string): boolean {
  const version = /gemini-(\d+)/.exec(model)?.[1];
  return version !== undefined && Number(version) >= 3;
}

function mediaPart(source: Source, name: string): JsonRecord {
  if (source.kind === "data") return { inlineData: { mimeType: source.mediaType, data: source.base64 } };
  const fileUri = source.kind === "url" ? source.url : source.id;
  const mediaType = mediaTypeOf(name || fileUri);
  return { fileData: compact({ fileUri, mimeType: mediaType === "application/octet-stream" ? undefined : mediaType }) };
}

function partOf(part: Part): JsonRecord[] {
  switch (part.kind) {
    case "text":
      return part.text === "" ? [] : [{ text: part.text }];
    case "audio":
      return [{ inlineData: { mimeType: `audio/${part.format}`, data: part.base64 } }];
    default:
      return [mediaPart(part.source, part.name ?? "")];
  }
}

const partsOf = (content: unknown, param: string) => readParts(content, param).flatMap(partOf);

/** The signatures that came with a message, by the call they belong to; `""` is the one of its text. Also read where Google's OpenAI-compatible API puts them. */
function signaturesOf(message: JsonRecord, calls: ReturnType<typeof readToolCalls>): Map<string, string> {
  const signatures = new Map<string, string>();
  for (const { id, call } of calls) {
    const google = isRecord(call.extra_content) && isRecord(call.extra_content.google) ? call.extra_content.google : {};
    if (textOf(google.thought_signature) !== "") signatures.set(id, textOf(google.thought_signature));
  }
  for (const detail of detailsOf(message)) {
    if (detail.format === GEMINI_FORMAT && textOf(detail.data) !== "")
      signatures.set(textOf(detail.id), textOf(detail.data));
  }
  return signatures;
}

function modelParts(message: JsonRecord, param: string, isSigned: boolean): JsonRecord[] {
  const calls = readToolCalls(message.tool_calls, param);
  const signatures = signaturesOf(message, calls);
  const texts = partsOf(message.content, `${param}.content`);
  const own = signatures.get("");
  const last = texts.findLastIndex((part) => part.text !== undefined);
  const signed = texts.map((part, index) =>
    index === last && own !== undefined ? { ...part, thoughtSignature: own } : part,
  );
  const called = calls.map((call, index) => {
    const args = readArguments(call.arguments, `${param}.tool_calls[${index}].function.arguments`);
    const signature = signatures.get(call.id) ?? (index === 0 && isSigned ? NO_SIGNATURE : undefined);
    return compact({
      functionCall: compact({ id: call.id || undefined, name: call.name, args }),
      thoughtSignature: signature,
    });
  });
  return [...signed, ...called];
}

/** Gemini requires an object as the result of a function. Anything else is wrapped under `output` or `error`. */
function responseParts(message: JsonRecord, names: ReadonlyMap<string, string>, param: string): JsonRecord[] {
  const id = textOf(message.tool_call_id);
  const name = names.get(id) ?? textOf(message.name);
  if (name === "") throw invalid(`${param}.tool_call_id`, `is ${JSON.stringify(id)}, which no earlier message calls.`);
  const parts = readParts(message.content, `${param}.content`);
  const text = parts.map((part) => (part.kind === "text" ? part.text : "")).join("");
  const value = parseJson(text);
  const response = message.is_error === true ? { error: text } : isRecord(value) ? value : { output: text };
  return [
    { functionResponse: compact({ id: id || undefined, name, response }) },
    ...parts.filter((part) => part.kind !== "text").flatMap(partOf),
  ];
}

/**
 * The hub's messages as Gemini's contents. System and developer messages become the system instruction. Adjacent messages of one
 * role become one content, so that the results of parallel calls are together.
 */
export function toGeminiContents(
  model: string,
  request: ChatRequest,
): { system: JsonRecord | undefined; contents: GeminiContent[] } {
  const system: string[] = [];
  const contents: GeminiContent[] = [];
  const names = new Map<string, string>();
  const isSigned = needsSignatures(model);
  const add = (role: "user" | "model", parts: JsonRecord[]) => {
    const last = contents.at(-1);
    if (parts.length === 0) return;
    if (last?.role === role) last.parts.push(...parts);
    else contents.push({ role, parts: [...parts] });
  };
  for (const [index, message] of request.messages.entries()) {
    const param = `messages[${index}]`;
    if (message.role === "system" || message.role === "developer")
      system.push(readText(message.content, `${param}.content`));
    else if (message.role === "user") add("user", partsOf(message.content, `${param}.content`));
    else if (message.role === "tool" || message.role === "function") add("user", responseParts(message, names, param));
    else if (message.role === "assistant") {
      for (const call of readToolCalls(message.tool_calls, param)) names.set(call.id, call.name);
      add("model", modelParts(message, param, isSigned));
    } else
      throw invalid(
        `${param}.role`,
        `is ${JSON.stringify(message.role)}; known are system, developer, user, assistant and tool.`,
      );
  }
  const text = system.filter((part) => part !== "").join("\n\n");
  return { system: text === "" ? undefined : { parts: [{ text }] }, contents };
}
