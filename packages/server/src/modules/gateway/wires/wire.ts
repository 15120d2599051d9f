import type { ChatRequest } from "@treadle/contract";
import type { ChatChunk, ChatResponse } from "../providers/provider.ts";

/** Turns the hub's chunks into a caller's stream. Each call gives the text of zero or more whole server-sent events. */
export type StreamWriter = {
  /** What is sent before the first chunk, such as Anthropic's `message_start`, given the first chunk. */
  write(chunk: ChatChunk): string;
  end(): string;
  /** The event that tells the caller, in its own format, that the stream broke. */
  fail(error: { code: string; message: string; status: number }): string;
};

/**
 * Members, one file each: `chatWire` (chat.ts), `completionsWire` (completions.ts), `responsesWire` (responses.ts), `messagesWire` (messages.ts).
 * A shape in which callers ask for a generation. Pure: reads a request into the hub (OpenAI's chat shape)
 * and writes the hub's answer in the caller's shape.
 */
export type Wire<Request> = {
  readonly id: "chat" | "completions" | "responses" | "messages";
  /** Throws `AppError("invalid_request")` naming the field that cannot be understood. */
  toChat(request: Request): ChatRequest;
  /** A sentence for each part of the request that the hub's shape has no place for, and that an answer can do without. */
  leftOut?(request: Request): readonly string[];
  fromChat(response: ChatResponse, request: Request): unknown;
  streamWriter(request: Request, meta: { id: string; model: string; now: number }): StreamWriter;
};
