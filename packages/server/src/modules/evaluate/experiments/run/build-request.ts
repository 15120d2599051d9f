import { ChatRequest, type ExperimentVariant, type PromptContent, type RenderedPrompt } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import { isRecord } from "../../../../kernel/is-record.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { EvalItem } from "../stores/item-store.ts";
import type { EvalPrompts } from "./deps.ts";

/** A variant whose prompt's version and model are fixed. */
export type FixedVariant = Pick<ExperimentVariant, "name" | "messages" | "parameters"> & {
  readonly model: string;
  readonly prompt: { readonly name: string; readonly version: number } | null;
};
type Inputs = EvalItem["inputs"];

/** A variant's request for an item. Throws `AppError` for inputs that do not fit the prompt. */
export function createRequests(prompts: EvalPrompts, scope: Scope, variant: FixedVariant) {
  return async ({ inputs }: Pick<EvalItem, "inputs">): Promise<ChatRequest> => {
    const body = (await bodyFor(prompts, scope, { variant, inputs })) ?? {
      messages: ownMessages(inputs),
      ...(Array.isArray(inputs.tools) && { tools: inputs.tools }),
    };
    return readRequest(variant, { ...body, ...variant.parameters });
  };
}

/** The messages and settings of the variant's prompt or templates, filled in. Null for a variant without either. */
export async function bodyFor(
  prompts: EvalPrompts,
  scope: Scope,
  { variant: { prompt, messages }, inputs }: { readonly variant: FixedVariant; readonly inputs: Inputs },
): Promise<({ messages: RenderedPrompt["messages"] } & Record<string, unknown>) | null> {
  if (prompt !== null) return fromPrompt(await prompts.use(scope, { ...prompt, inputs }));
  if (messages === null) return null;
  return { messages: (await prompts.preview(scope, { content: templateOf(messages), inputs })).messages };
}

/** A request to the variant's model. Throws `unprocessable` if the fields do not make one. */
export function readRequest({ model, name }: FixedVariant, fields: Readonly<Record<string, unknown>>): ChatRequest {
  const read = ChatRequest.safeParse({ ...fields, model });
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new AppError("unprocessable", {
    message: `The item and the variant "${name}" do not make a valid request: ${issue?.path.join(".")} ${issue?.message}.`,
    details: { param: issue?.path.join(".") },
    cause: read.error,
  });
}

const templateOf = (messages: NonNullable<FixedVariant["messages"]>): PromptContent => ({
  type: "chat",
  messages,
  format: "mustache",
  inputs: null,
  model: null,
  parameters: {},
  tools: [],
  responseFormat: null,
});

const fromPrompt = ({ messages, parameters, tools, responseFormat }: RenderedPrompt) => ({
  ...parameters,
  messages,
  ...(tools.length > 0 && { tools }),
  ...(responseFormat !== null && { response_format: responseFormat }),
});

/** Where items keep a question that is one text. */
const QUESTIONS = ["prompt", "question", "input", "query", "text"] as const;

/** An item's own conversation; otherwise its question, or its inputs as JSON, as a message of a user. */
export function ownMessages(inputs: Inputs): unknown[] {
  if (Array.isArray(inputs.messages) && inputs.messages.length > 0 && inputs.messages.every(isRecord))
    return inputs.messages;
  const name = QUESTIONS.find((key) => typeof inputs[key] === "string");
  const [only, ...others] = Object.values(inputs);
  const text = name === undefined ? (others.length === 0 && typeof only === "string" ? only : null) : inputs[name];
  return [{ role: "user", content: text ?? JSON.stringify(inputs, null, 1) }];
}
