import {
  ChatRequest,
  describeIssue,
  MessagesRequest,
  type PromptUse,
  type RenderedPrompt,
  ResponsesRequest,
} from "@treadle/contract";
import { AppError } from "../../kernel/errors.ts";
import type { Scope } from "../../kernel/scope.ts";
import type { AnyRequest } from "./any-request.ts";
import type { WireId } from "./call.ts";
import type { CallPrompt } from "./caller-facts.ts";
import { promptedChat } from "./prompted/chat.ts";
import { promptedMessages } from "./prompted/messages.ts";
import type { PromptedShape } from "./prompted/prompted-shape.ts";
import { promptedResponses } from "./prompted/responses.ts";
import { isRecord } from "./wires/json.ts";

/** Fills a stored prompt in. Throws `not_found`, and `invalid_request` for inputs that are not what it takes. */
export type FillPrompt = (scope: Scope, use: PromptUse) => Promise<RenderedPrompt>;

/** A request's body before a stored prompt is put into it: the prompt may bring the model and the messages. */
export type AnyBody = Omit<AnyRequest, "model"> & { readonly model?: string | undefined };
type Prompted = AnyBody & { readonly prompt: PromptUse };

const SHAPES = {
  chat: { put: promptedChat, whole: ChatRequest },
  responses: { put: promptedResponses, whole: ResponsesRequest },
  messages: { put: promptedMessages, whole: MessagesRequest },
} as const;

/** Whether the request is whole as it came. OpenAI's own stored prompts, which have an `id` and no name, are none of ours. */
export const isWhole = (wire: WireId, body: AnyBody): body is AnyRequest =>
  typeof body.model === "string" && !isPrompted(wire, body);

const isPrompted = (wire: WireId, body: AnyBody): body is Prompted =>
  wire in SHAPES && isRecord(body.prompt) && typeof body.prompt.name === "string";

/**
 * The request with its stored prompt in it: the prompt's messages stand before the caller's own, and its model and parameters where
 * the caller gives none. Throws what `FillPrompt` throws, and `unprocessable` where the two together are no request.
 */
export async function putPrompt(
  fillPrompt: FillPrompt,
  scope: Scope,
  { wire, body }: { wire: WireId; body: AnyBody },
): Promise<{ request: AnyRequest; prompt: CallPrompt }> {
  if (!isPrompted(wire, body) || !(wire === "chat" || wire === "responses" || wire === "messages"))
    throw new AppError("invalid_request", { message: "model: is missing.", details: { param: "model" } });
  const { prompt: use, ...own } = body;
  const rendered = await fillPrompt(scope, use);
  const shape: PromptedShape = SHAPES[wire].put;
  const defaults = rendered.model === null ? {} : { model: rendered.model };
  const request = { ...defaults, ...shape(rendered, own) };
  const read = SHAPES[wire].whole.safeParse(request, { error: describeIssue });
  const prompt = { name: rendered.name, version: String(rendered.version ?? "") };
  if (read.success) return { request: read.data, prompt };
  const [issue] = read.error.issues;
  const param = issue?.path.join(".") ?? "";
  const why = issue?.message === "is missing" ? "is given neither by the request nor by the prompt" : issue?.message;
  throw new AppError("unprocessable", {
    message: `The request with version ${prompt.version} of the prompt "${prompt.name}" in it is not valid: ${param} ${why}.`,
    details: { param },
  });
}
