import { z } from "zod";
import { defineApi } from "../route.ts";
import { CallKnowledge } from "./knowledge/use.ts";
import { PromptJson, PromptUse } from "./prompts.ts";

const MOST_TOKENS = 10_000_000;
const tokens = z.number().int().min(1).max(MOST_TOKENS);
const messageList = z.array(z.looseObject({ role: z.string().max(40) })).max(10_000);
const messages = messageList.min(1);
const itemList = z.array(z.looseObject({})).max(10_000);
const stops = z.union([z.string().max(1_000), z.array(z.string().max(1_000)).max(64)]).nullable();
const toolList = z.array(z.looseObject({})).max(1_024);

/** What every generation request shares; each number has a bound, so that none can be used to exhaust a provider or this server. */
const sampling = {
  model: z.string().min(1).max(300),
  stream: z.boolean().nullish(),
  temperature: z.number().min(0).max(10).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
};
const openAiSampling = {
  ...sampling,
  n: z.number().int().min(1).max(128).nullish(),
  stop: stops.optional(),
  seed: z.number().int().nullish(),
  presence_penalty: z.number().min(-10).max(10).nullish(),
  frequency_penalty: z.number().min(-10).max(10).nullish(),
  logit_bias: z
    .record(z.string().max(40), z.number().min(-100).max(100))
    .refine((bias) => Object.keys(bias).length <= 1_024, "at most 1024 tokens")
    .nullish(),
  user: z.string().max(1_000).nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
};

/** OpenAI's shape: what Treadle reads is typed and bounded, the rest passes through untouched. */
export const ChatRequest = z.looseObject({
  ...openAiSampling,
  messages,
  max_tokens: tokens.nullish(),
  max_completion_tokens: tokens.nullish(),
  top_logprobs: z.number().int().min(0).max(64).nullish(),
  logprobs: z.boolean().nullish(),
  tools: toolList.nullish(),
});
export type ChatRequest = z.infer<typeof ChatRequest>;

export const CompletionRequest = z.looseObject({
  ...openAiSampling,
  prompt: z.union([
    z.string(),
    z
      .array(z.union([z.string(), z.number().int(), z.array(z.number().int())]))
      .min(1)
      .max(2_048),
  ]),
  /** 0 reads the prompt and writes nothing. */
  max_tokens: z.number().int().min(0).max(MOST_TOKENS).nullish(),
  logprobs: z.number().int().min(0).max(64).nullish(),
  best_of: z.number().int().min(0).max(128).nullish(),
});
export type CompletionRequest = z.infer<typeof CompletionRequest>;

export const EmbeddingRequest = z.looseObject({
  model: sampling.model,
  input: z.union([
    z.string(),
    z
      .array(z.union([z.string(), z.number().int(), z.array(z.number().int())]))
      .min(1)
      .max(8_192),
  ]),
  dimensions: z.number().int().min(1).max(100_000).nullish(),
  encoding_format: z.enum(["float", "base64"]).nullish(),
});
export type EmbeddingRequest = z.infer<typeof EmbeddingRequest>;

export const ResponsesRequest = z.looseObject({
  ...sampling,
  input: z.union([z.string(), itemList.min(1)]),
  instructions: z.string().nullish(),
  max_output_tokens: tokens.nullish(),
  top_logprobs: z.number().int().min(0).max(64).nullish(),
  tools: toolList.nullish(),
});
export type ResponsesRequest = z.infer<typeof ResponsesRequest>;

/** Anthropic's shape. */
export const MessagesRequest = z.looseObject({
  ...sampling,
  messages,
  max_tokens: tokens,
  top_k: z.number().int().min(0).max(1_000_000).nullish(),
  stop_sequences: z.array(z.string().max(1_000)).max(64).nullish(),
  system: z.union([z.string(), z.array(z.looseObject({}))]).nullish(),
  tools: toolList.nullish(),
});
export type MessagesRequest = z.infer<typeof MessagesRequest>;

export const CountTokensRequest = z.looseObject({
  model: sampling.model,
  messages,
  system: z.union([z.string(), z.array(z.looseObject({}))]).nullish(),
  tools: toolList.nullish(),
});

/** The inputs for the prompt of the endpoint's variant, which the caller need not know. */
const VariantInputs = z.strictObject({ inputs: PromptJson });
export const CallPromptInput = z
  .union([PromptUse, VariantInputs])
  .nullish()
  .describe(
    "A stored prompt. Its messages come before the messages of the request. Its model and parameters are used where the request sets none. Without a name, `inputs` are for the prompt of the endpoint.",
  );
/** OpenAI's own stored prompts have an `id`; they pass through. */
const eitherPrompt = z.union([PromptUse, VariantInputs, z.looseObject({ id: z.string().max(300) })]).nullish();

/**
 * The fields that a request must have if no stored prompt has them. This is a check, not a `superRefine`, like all
 * checks on the request path. A `superRefine` creates a closure per value that retains earlier values. Bodies then pile
 * up until the code is optimized or the whole heap is collected.
 */
const unlessPrompted =
  (...names: readonly string[]) =>
  ({ value: body, issues }: z.core.ParsePayload<Readonly<Record<string, unknown>>>) => {
    const given = typeof body.prompt === "object" && body.prompt !== null ? body.prompt : {};
    if ("name" in given) return;
    const isForVariant = "inputs" in given;
    for (const name of names) {
      // The endpoint's variant has a prompt that has the rest, as the gateway checks.
      if (isForVariant && name !== "model") continue;
      const [input, path] = [body[name], [name]];
      if (input === undefined)
        issues.push({ code: "invalid_type", expected: "nonoptional", path, input, continue: true });
      else if (Array.isArray(input) && input.length === 0)
        issues.push({ code: "too_small", origin: "array", minimum: 1, inclusive: true, path, input, continue: true });
    }
  };
const model = sampling.model.optional();
const knowledge = CallKnowledge.nullish().describe(
  "A knowledge base to answer from. Its fields replace those of the endpoint's variant. It needs the permission `knowledge:read`.",
);
const ChatBody = ChatRequest.extend({
  model,
  messages: messageList.optional(),
  prompt: CallPromptInput,
  knowledge,
}).check(unlessPrompted("model", "messages"));
const ResponsesBody = ResponsesRequest.extend({
  model,
  input: z.union([z.string(), itemList]).optional(),
  prompt: eitherPrompt,
  knowledge,
}).check(unlessPrompted("model", "input"));
const MessagesBody = MessagesRequest.extend({
  model,
  messages: messageList.optional(),
  max_tokens: tokens.optional(),
  prompt: CallPromptInput,
  knowledge,
}).check(unlessPrompted("model", "messages", "max_tokens"));
const CountTokensBody = CountTokensRequest.extend({
  model,
  messages: messageList.optional(),
  prompt: CallPromptInput,
}).check(unlessPrompted("model", "messages"));

/** A model in the format of OpenAI. */
export const OpenAiModel = z.looseObject({
  id: z.string(),
  object: z.literal("model"),
  created: z.number(),
  owned_by: z.string(),
});
const Answer = z.looseObject({}).describe("The provider's response, or its translation.");

const MODEL =
  "`model` is the name of an endpoint, the id of a local model, `connection/model`, or a model that a connection offers. Until the first byte of the response, the gateway retries and uses fallbacks.";
const PROMPT = "`prompt` names a stored prompt, whose messages come before those of the request.";
const STREAM = "With `stream: true` the response is a stream of server-sent events.";
const HEADERS =
  "Headers that begin with `x-treadle-` set the user, session, tags, cache and fallbacks of a call. The response names its trace in `x-treadle-trace-id`.";

export const gatewayApi = defineApi({
  "POST /v1/chat/completions": {
    name: "createChatCompletion",
    summary: "OpenAI's chat completions, plain or streamed",
    permission: "gateway:use",
    description: [MODEL, PROMPT, STREAM, HEADERS].join(" "),
    body: ChatBody,
    example: { model: "openai/gpt-5-mini", messages: [{ role: "user", content: "How do I get a refund?" }] },
    response: Answer,
    wire: "openai",
  },
  "POST /v1/completions": {
    name: "createCompletion",
    summary: "OpenAI's text completions, plain or streamed",
    permission: "gateway:use",
    description: [MODEL, STREAM, HEADERS].join(" "),
    body: CompletionRequest,
    example: { model: "openai/gpt-5-mini", prompt: "Refunds are possible within", max_tokens: 20 },
    response: Answer,
    wire: "openai",
  },
  "POST /v1/embeddings": {
    name: "createEmbedding",
    summary: "OpenAI's embeddings",
    permission: "gateway:use",
    description: [MODEL, HEADERS].join(" "),
    body: EmbeddingRequest,
    example: { model: "openai/text-embedding-3-small", input: "How do I get a refund?" },
    response: Answer,
    wire: "openai",
  },
  "POST /v1/responses": {
    name: "createResponse",
    summary: "OpenAI's responses, plain or streamed",
    permission: "gateway:use",
    description: [MODEL, PROMPT, STREAM, HEADERS].join(" "),
    body: ResponsesBody,
    example: { model: "openai/gpt-5-mini", input: "How do I get a refund?" },
    response: Answer,
    wire: "openai",
  },
  "GET /v1/models": {
    name: "listModels",
    summary: "The models and endpoints that a request can name",
    permission: "gateway:use",
    response: z.looseObject({ object: z.literal("list"), data: z.array(OpenAiModel) }),
    wire: "openai",
  },
  "GET /v1/models/:model": {
    name: "getModel",
    summary: "One model or endpoint; a slash in its name is sent as %2F",
    permission: "gateway:use",
    params: z.object({ model: z.string() }),
    response: OpenAiModel,
    wire: "openai",
  },
  "POST /v1/messages": {
    name: "createMessage",
    summary: "Anthropic's messages, plain or streamed",
    permission: "gateway:use",
    description: [MODEL, PROMPT, STREAM, HEADERS].join(" "),
    body: MessagesBody,
    example: {
      model: "anthropic/claude-haiku-4-5",
      max_tokens: 200,
      messages: [{ role: "user", content: "How do I get a refund?" }],
    },
    response: Answer,
    wire: "anthropic",
  },
  "POST /v1/messages/count_tokens": {
    name: "countMessageTokens",
    summary: "Count the tokens that a messages request would send",
    permission: "gateway:use",
    body: CountTokensBody,
    example: { model: "anthropic/claude-haiku-4-5", messages: [{ role: "user", content: "How do I get a refund?" }] },
    response: z.looseObject({ input_tokens: z.number() }),
    wire: "anthropic",
  },
});
