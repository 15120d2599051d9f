import {
  ChatRequest,
  CountTokensRequest,
  MessagesRequest,
  type PromptUse,
  type RenderedPrompt,
  ResponsesRequest,
  readShape,
} from "@treadle/contract";
import type { z } from "zod";
import { AppError } from "../../kernel/errors.ts";
import type { Scope } from "../../kernel/scope.ts";
import type { AnyRequest } from "./any-request.ts";
import type { WireId } from "./call.ts";
import type { CallPrompt } from "./caller-facts.ts";
import { promptedChat } from "./prompted/chat.ts";
import { promptedCount } from "./prompted/count-tokens.ts";
import { promptedMessages } from "./prompted/messages.ts";
import type { PromptedShape } from "./prompted/prompted-shape.ts";
import { promptedResponses } from "./prompted/responses.ts";
import { isRecord } from "./wires/json.ts";

/** Fills a stored prompt in. Throws `not_found`, and `invalid_request` for inputs that are not what it takes. */
export type FillPrompt = (scope: Scope, use: PromptUse) => Promise<RenderedPrompt>;

/** A request's body before a stored prompt is put into it: the prompt may bring the model and the messages. */
export type AnyBody = Omit<AnyRequest, "model"> & { readonly model?: string | undefined };
export type Prompted = AnyBody & { readonly prompt: PromptUse };
type Form<Request> = { readonly put: PromptedShape; readonly whole: z.ZodType<Request> };

export const CHAT = { put: promptedChat, whole: ChatRequest };
export const COUNT = { put: promptedCount, whole: CountTokensRequest };
const FORMS: Partial<Record<WireId, Form<AnyRequest>>> = {
  chat: CHAT,
  responses: { put: promptedResponses, whole: ResponsesRequest },
  messages: { put: promptedMessages, whole: MessagesRequest },
};

/** Whether a stored prompt is to be put in. OpenAI's own stored prompts, which have an `id` and no name, are none of ours. */
export const isPrompted = (body: AnyBody): body is Prompted =>
  isRecord(body.prompt) && typeof body.prompt.name === "string";

/** Whether the request is whole as it came. */
export const isWhole = (wire: WireId, body: AnyBody): body is AnyRequest =>
  typeof body.model === "string" && !(FORMS[wire] && isPrompted(body));

/** `putPrompt` for the shape of a wire. Throws `invalid_request` also for a body without a model that has no prompt either. */
export function putPromptOn(wire: WireId, fillPrompt: FillPrompt) {
  const put = createPutPrompt(fillPrompt, FORMS[wire] ?? CHAT);
  return async (scope: Scope, body: AnyBody) => {
    if (isPrompted(body)) return put(scope, body);
    throw new AppError("invalid_request", { message: "model: is missing.", details: { param: "model" } });
  };
}

/**
 * Makes a request whole with its stored prompt: the prompt's messages stand before the caller's own, and its model and parameters
 * where the caller gives none. What it returns throws what `FillPrompt` throws, and `unprocessable` where the two together are no request.
 */
export function createPutPrompt<Request>(fillPrompt: FillPrompt, { put, whole }: Form<Request>) {
  return async function putPrompt(
    scope: Scope,
    { prompt: use, ...own }: Prompted,
  ): Promise<{ request: Request; prompt: CallPrompt }> {
    const rendered = await fillPrompt(scope, use);
    const defaults = rendered.model === null ? {} : { model: rendered.model };
    const read = readShape(whole, { ...defaults, ...put(rendered, own) });
    const prompt = { name: rendered.name, version: String(rendered.version ?? "") };
    if (read.success) return { request: read.data, prompt };
    const [issue] = read.error.issues;
    const param = issue?.path.join(".") ?? "";
    const why = issue?.message === "is missing" ? "is given neither by the request nor by the prompt" : issue?.message;
    throw new AppError("unprocessable", {
      message: `The request with version ${prompt.version} of the prompt "${prompt.name}" in it is not valid: ${param} ${why}.`,
      details: { param },
    });
  };
}
