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
import { AppError } from "../../../../kernel/errors.ts";
import { isRecord } from "../../../../kernel/is-record.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { FormatId } from "../formats/formats.ts";
import type { AnyRequest } from "../formats/hub/any-request.ts";
import type { CallPrompt } from "../request/caller-facts.ts";
import { promptedChat } from "./prompted/chat.ts";
import { promptedCount } from "./prompted/count-tokens.ts";
import { promptedMessages } from "./prompted/messages.ts";
import type { PromptedShape } from "./prompted/prompted-shape.ts";
import { promptedResponses } from "./prompted/responses.ts";

/** Renders a stored prompt. Throws `not_found`, and `invalid_request` for inputs that the prompt does not accept. */
export type FillPrompt = (scope: Scope, use: PromptUse) => Promise<RenderedPrompt>;

/** A request's body before a stored prompt is filled in: the model and the messages may come from the prompt. */
export type AnyBody = Omit<AnyRequest, "model"> & { readonly model?: string | undefined };
export type Prompted = AnyBody & { readonly prompt: PromptUse };
type Form<Request> = { readonly merge: PromptedShape; readonly shape: z.ZodType<Request> };

export const CHAT = { merge: promptedChat, shape: ChatRequest };
export const COUNT = { merge: promptedCount, shape: CountTokensRequest };
export const FORMS: Partial<Record<FormatId, Form<AnyRequest>>> = {
  chat: CHAT,
  responses: { merge: promptedResponses, shape: ResponsesRequest },
  messages: { merge: promptedMessages, shape: MessagesRequest },
};

/** Whether the request names a stored prompt. OpenAI's own stored prompts have an `id` and no name. */
export const isPrompted = (body: AnyBody): body is Prompted =>
  isRecord(body.prompt) && typeof body.prompt.name === "string";

/** The inputs for the prompt of an endpoint's variant, from a request that names no prompt. Null for none. */
export function variantInputsOf({ prompt }: AnyBody): PromptUse["inputs"] | null {
  return isRecord(prompt) && prompt.name === undefined && isRecord(prompt.inputs) ? prompt.inputs : null;
}

/** Whether the request is complete without a stored prompt. */
export const isComplete = (format: FormatId, body: AnyBody): body is AnyRequest =>
  typeof body.model === "string" && !(FORMS[format] && isPrompted(body));

/** `createPromptFiller` for a format. Also throws `invalid_request` for a body with neither a model nor a prompt. */
export function promptFillerOf(format: FormatId, fillPrompt: FillPrompt) {
  const fill = createPromptFiller(fillPrompt, FORMS[format] ?? CHAT);
  return async (scope: Scope, body: AnyBody) => {
    if (isPrompted(body)) return fill(scope, body);
    throw new AppError("invalid_request", { message: "model: is missing.", details: { param: "model" } });
  };
}

/**
 * Completes a request with its stored prompt. The prompt's messages come before the caller's; its model and parameters apply
 * where the caller sets none. The filler throws what `FillPrompt` throws, and `unprocessable` if the result is not a valid request.
 */
export function createPromptFiller<Request>(fillPrompt: FillPrompt, { merge, shape }: Form<Request>) {
  return async function fill(
    scope: Scope,
    { prompt: promptUse, ...own }: Prompted,
  ): Promise<{ request: Request; prompt: CallPrompt }> {
    const rendered = await fillPrompt(scope, promptUse);
    const defaults = rendered.model === null ? {} : { model: rendered.model };
    const result = readShape(shape, { ...defaults, ...merge(rendered, own) });
    const prompt = toCallPrompt(rendered, promptUse.inputs);
    if (result.success) return { request: result.data, prompt };
    throw notValid(result.error, `version ${prompt.version} of the prompt "${prompt.name}" filled in`);
  };
}

/** A rendered prompt as the call's span has it. */
export const toCallPrompt = (
  { name, version, messages }: RenderedPrompt,
  inputs: NonNullable<CallPrompt["filled"]>["inputs"],
): CallPrompt => ({ name, version: String(version ?? ""), filled: { inputs, messages: messages.length } });

/** The `unprocessable` of a request that is not valid once something is filled in. */
export function notValid({ issues: [issue] }: z.ZodError, filled: string): AppError {
  const param = issue?.path.join(".") ?? "";
  const why = issue?.message === "is missing" ? "is set neither by the request nor by the prompt" : issue?.message;
  return new AppError("unprocessable", {
    message: `The request is not valid with ${filled}: ${param} ${why}.`,
    details: { param },
  });
}
