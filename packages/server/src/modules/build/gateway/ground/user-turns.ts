import { isRecord } from "../../../../kernel/is-record.ts";
import type { AnyRequest } from "../formats/hub/any-request.ts";
import { type JsonRecord, listOf, textOf } from "../formats/hub/json.ts";

const TEXT_TYPES: ReadonlySet<unknown> = new Set(["text", "input_text", undefined]);

const fieldOf = (request: AnyRequest): "input" | "messages" => (request.messages === undefined ? "input" : "messages");

/** The turns of a conversation in any format. */
function turnsOf(request: AnyRequest): readonly unknown[] {
  const turns = request[fieldOf(request)];
  return typeof turns === "string" ? [{ role: "user", content: turns }] : listOf(turns);
}

const isTextPart = (part: unknown): part is JsonRecord =>
  isRecord(part) && TEXT_TYPES.has(part.type) && textOf(part.text).trim() !== "";

/** The text that the user wrote in a turn. The results of tools are no such text. */
function userText(turn: unknown): string {
  if (!isRecord(turn) || turn.role !== "user") return "";
  if (typeof turn.content === "string") return turn.content.trim();
  return listOf(turn.content)
    .filter(isTextPart)
    .map(({ text }) => textOf(text))
    .join("\n")
    .trim();
}

/** The texts of the user, oldest first. */
export const userTexts = (request: AnyRequest): readonly string[] => turnsOf(request).map(userText).filter(Boolean);

/** The request with a text before the last text of the user. The request itself if the user wrote none. */
export function beforeLastText(request: AnyRequest, text: string): AnyRequest {
  const turns = turnsOf(request);
  const last = turns.findLastIndex((turn) => userText(turn) !== "");
  const turn = turns[last];
  if (!isRecord(turn)) return request;
  const content = withText(turn.content, text);
  return { ...request, [fieldOf(request)]: turns.with(last, { ...turn, content }) };
}

function withText(content: unknown, text: string): unknown {
  if (typeof content === "string") return `${text}\n\n${content}`;
  const parts = listOf(content);
  const place = parts.findIndex(isTextPart);
  const part = parts[place];
  const type = isRecord(part) ? (part.type ?? "text") : "text";
  return parts.toSpliced(place, 0, { type, text });
}
