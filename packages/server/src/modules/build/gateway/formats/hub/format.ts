import type { ChatRequest } from "@treadle/contract";
import type { ChatChunk, ChatResponse } from "./hub.ts";

/** Writes the hub's chunks as a stream for the caller. Each call returns the text of zero or more whole server-sent events. */
export type StreamWriter = {
  /** The first call also writes the start of the stream, such as Anthropic's `message_start`. */
  write(chunk: ChatChunk): string;
  end(): string;
  /** The event that reports a broken stream in the caller's format. */
  fail(error: { code: string; message: string; status: number }): string;
};

/**
 * A format of requests for generated text. Pure: it translates a request to the hub (OpenAI's chat shape), and the hub's answer to
 * the caller's format. The list of formats is in formats.ts.
 */
export type Format<Request> = {
  readonly id: "chat" | "completions" | "responses" | "messages";
  /** Throws `AppError("invalid_request")` naming the field that cannot be understood. */
  toChat(request: Request): ChatRequest;
  /** A warning for each optional part of the request that the hub cannot express. */
  leftOut?(request: Request): readonly string[];
  fromChat(response: ChatResponse, request: Request): unknown;
  streamWriter(request: Request, meta: { id: string; model: string; now: number }): StreamWriter;
};
