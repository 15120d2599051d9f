import { chatFormat } from "./chat/chat.ts";
import { completionsFormat } from "./chat/completions.ts";
import type { AnyRequest } from "./hub/any-request.ts";
import type { Format } from "./hub/format.ts";
import { messagesFormat } from "./messages/messages.ts";
import { responsesFormat } from "./responses/responses.ts";

/** The formats of requests, with the path after the version, OpenTelemetry's name of the operation and the shape of errors. */
export const FORMATS = {
  chat: { path: "/chat/completions", operation: "chat", errors: "openai" },
  completions: { path: "/completions", operation: "text_completion", errors: "openai" },
  responses: { path: "/responses", operation: "chat", errors: "openai" },
  embeddings: { path: "/embeddings", operation: "embeddings", errors: "openai" },
  messages: { path: "/messages", operation: "chat", errors: "anthropic" },
} as const;
export type FormatId = keyof typeof FORMATS;
/** The formats that generate text, which translate to and from the hub. */
export type ChatFormatId = Exclude<FormatId, "embeddings">;

// The contract has checked that a request has the shape of its route before a format reads it.
const TRANSLATORS = {
  chat: chatFormat,
  completions: completionsFormat,
  responses: responsesFormat,
  messages: messagesFormat,
} as unknown as Readonly<Record<ChatFormatId, Format<AnyRequest>>>;

export const formatOf = (id: ChatFormatId): Format<AnyRequest> => TRANSLATORS[id];
