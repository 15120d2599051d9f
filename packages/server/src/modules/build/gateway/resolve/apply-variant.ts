import { CompletionRequest, type RenderedPrompt, readShape, type Variant } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import type { AnyRequest } from "../formats/hub/any-request.ts";
import type { JsonRecord } from "../formats/hub/json.ts";
import type { CallPrompt } from "../request/caller-facts.ts";
import { type Call, withRequest } from "../request/read-call.ts";
import { type FillPrompt, FORMS, notValid, toCallPrompt, variantInputsOf } from "./fill-prompt.ts";
import type { PromptedShape } from "./prompted/prompted-shape.ts";
import type { Plan } from "./resolve-model.ts";

const NOTHING: RenderedPrompt = {
  name: "",
  version: null,
  text: null,
  messages: [],
  model: null,
  parameters: {},
  tools: [],
  responseFormat: null,
};
/** What a variant's parameters must not replace: the conversation itself. */
const CONTENT = new Set(["messages", "input", "system", "instructions"]);
/** Two names of one limit; OpenAI rejects a request with both. */
const LIMITS = ["max_tokens", "max_completion_tokens"] as const;

/**
 * The call as its variant shapes it: the messages of the variant's prompt come first, and its parameters and tools
 * replace those of the request. A call without a variant, or whose variant only names a model, is returned as it is.
 * Throws `unprocessable` if the result is not a valid request, and what the filling of a prompt throws.
 */
export function createVariantShaper(fillPrompt: FillPrompt) {
  async function shape(call: Call, variant: Variant): Promise<Call> {
    const form = FORMS[call.format];
    if (!form) return shapeOther(call, variant);
    const { prompt: _, ...own } = call.request;
    const rendered = variant.prompt ? await fill(call, variant.prompt) : NOTHING;
    const merged = { ...form.merge(rendered, own), model: call.request.model };
    const changes = changesOf(variant, form.merge);
    const result = readShape(form.shape, withoutUndefined({ ...withoutLimits(merged, changes), ...changes }));
    if (!result.success) throw notValid(result.error, `the variant "${variant.name}"`);
    const prompt: CallPrompt | null = variant.prompt && toCallPrompt(rendered, variantInputsOf(call.request) ?? {});
    return withRequest(call, result.data, prompt ?? call.prompt);
  }

  const fill = ({ scope, request }: Call, { name, label, version }: NonNullable<Variant["prompt"]>) =>
    fillPrompt(scope, { name, label, version, inputs: variantInputsOf(request) ?? {} });

  return (call: Call, { assignment, endpoint }: Plan): Call | Promise<Call> => {
    const variant = assignment?.variant;
    const hasInputs = variantInputsOf(call.request) !== null;
    if (hasInputs && !variant?.prompt) throw noPrompt(call, { endpoint: endpoint?.name, variant: variant?.name });
    return variant && isShaping(variant) ? shape(call, variant) : call;
  };
}
export type ShapeByVariant = ReturnType<typeof createVariantShaper>;

/** The call as another variant of its endpoint shapes it, for a variant that answers after the first one failed. */
export const shaperOf =
  (shapeByVariant: ShapeByVariant, call: Call, { assignment, ...plan }: Plan) =>
  (variant: Variant): Call | Promise<Call> =>
    shapeByVariant(call, { ...plan, assignment: assignment && { ...assignment, variant } });

const isShaping = ({ prompt, parameters, tools }: Variant) =>
  prompt !== null || tools !== null || Object.keys(parameters).length > 0;

/** The fields that a variant sets, in the names of the request's format. */
function changesOf({ parameters, tools }: Variant, merge: PromptedShape): JsonRecord {
  const shaped = merge({ ...NOTHING, parameters, tools: tools ?? [] }, {});
  const changes = Object.fromEntries(Object.entries(shaped).filter(([name]) => !CONTENT.has(name)));
  return tools?.length === 0 ? { ...changes, tools: undefined } : changes;
}

/** The request's own limit goes when the variant sets one, whichever name either uses. */
const withoutLimits = (merged: JsonRecord, changes: JsonRecord): JsonRecord =>
  LIMITS.some((name) => changes[name] !== undefined)
    ? { ...merged, max_tokens: undefined, max_completion_tokens: undefined }
    : merged;

const withoutUndefined = (fields: JsonRecord): JsonRecord =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

/** A text completion takes the parameters; an embedding has none. Neither has messages that a prompt could come before. */
function shapeOther(call: Call, variant: Variant): Call {
  if (variant.prompt)
    throw new AppError("unprocessable", {
      message: `The variant "${variant.name}" has a stored prompt, which a request of this format cannot take. Use chat completions, responses or messages.`,
      details: { param: "model" },
    });
  if (call.format !== "completions") return call;
  const result = readShape(CompletionRequest, { ...call.request, ...variant.parameters });
  if (!result.success) throw notValid(result.error, `the variant "${variant.name}"`);
  return withRequest(call, result.data as AnyRequest, call.prompt);
}

function noPrompt(
  { request }: Call,
  { endpoint, variant }: { endpoint?: string | undefined; variant?: string | undefined },
) {
  const what = endpoint
    ? `the variant "${variant}" of the endpoint "${endpoint}" has no stored prompt`
    : `"${request.model}" is not an endpoint`;
  return new AppError("unprocessable", {
    message: `The request has inputs for a prompt, but ${what}. Name the prompt in \`prompt.name\`, or leave \`prompt\` out.`,
    details: { param: "prompt" },
  });
}
