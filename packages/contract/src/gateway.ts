import { z } from "zod";
import { PromptUse } from "./prompts.ts";
import { defineApi } from "./route.ts";

const tokens = z.number().int().min(1).max(10_000_000);
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
  max_tokens: tokens.nullish(),
  logprobs: z.number().int().min(0).max(64).nullish(),
  best_of: z.number().int().min(1).max(128).nullish(),
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

const prompt = PromptUse.nullish().describe(
  "A stored prompt. Its messages stand before the request's own; its model and parameters where the request gives none.",
);
/** OpenAI's own stored prompts have an `id`; they pass through. */
const eitherPrompt = z.union([PromptUse, z.looseObject({ id: z.string().max(300) })]).nullish();

/**
 * What a request must say by itself when no stored prompt says it. A check and no `superRefine`, as is all that each request passes: the closure that
 * this makes for each value holds the values before it, so that bodies pile up until the engine has optimised the code or gone over the whole heap.
 */
const unlessPrompted =
  (...names: readonly string[]) =>
  ({ value: body, issues }: z.core.ParsePayload<Readonly<Record<string, unknown>>>) => {
    if (typeof body.prompt === "object" && body.prompt !== null && "name" in body.prompt) return;
    for (const name of names) {
      const [input, path] = [body[name], [name]];
      if (input === undefined)
        issues.push({ code: "invalid_type", expected: "nonoptional", path, input, continue: true });
      else if (Array.isArray(input) && input.length === 0)
        issues.push({ code: "too_small", origin: "array", minimum: 1, inclusive: true, path, input, continue: true });
    }
  };
const model = sampling.model.optional();
const ChatBody = ChatRequest.extend({ model, messages: messageList.optional(), prompt }).check(
  unlessPrompted("model", "messages"),
);
const ResponsesBody = ResponsesRequest.extend({
  model,
  input: z.union([z.string(), itemList]).optional(),
  prompt: eitherPrompt,
}).check(unlessPrompted("model", "input"));
const MessagesBody = MessagesRequest.extend({
  model,
  messages: messageList.optional(),
  max_tokens: tokens.optional(),
  prompt,
}).check(unlessPrompted("model", "messages", "max_tokens"));
const CountTokensBody = CountTokensRequest.extend({ model, messages: messageList.optional(), prompt }).check(
  unlessPrompted("model", "messages"),
);

const ModelCard = z.looseObject({
  id: z.string(),
  object: z.literal("model"),
  created: z.number(),
  owned_by: z.string(),
});
const Answer = z.looseObject({}).describe("The provider's own answer, or its translation.");

export const gatewayApi = defineApi({
  "POST /v1/chat/completions": {
    name: "createChatCompletion",
    summary: "OpenAI's chat completions, plain or streamed",
    permission: "gateway:use",
    body: ChatBody,
    response: Answer,
    wire: "openai",
  },
  "POST /v1/completions": {
    name: "createCompletion",
    summary: "OpenAI's text completions, plain or streamed",
    permission: "gateway:use",
    body: CompletionRequest,
    response: Answer,
    wire: "openai",
  },
  "POST /v1/embeddings": {
    name: "createEmbedding",
    summary: "OpenAI's embeddings",
    permission: "gateway:use",
    body: EmbeddingRequest,
    response: Answer,
    wire: "openai",
  },
  "POST /v1/responses": {
    name: "createResponse",
    summary: "OpenAI's responses, plain or streamed",
    permission: "gateway:use",
    body: ResponsesBody,
    response: Answer,
    wire: "openai",
  },
  "GET /v1/models": {
    name: "listModels",
    summary: "The models and endpoints that a request can name",
    permission: "gateway:use",
    response: z.looseObject({ object: z.literal("list"), data: z.array(ModelCard) }),
    wire: "openai",
  },
  "GET /v1/models/:model": {
    name: "getModel",
    summary: "One model or endpoint; a slash in its name is sent as %2F",
    permission: "gateway:use",
    params: z.object({ model: z.string() }),
    response: ModelCard,
    wire: "openai",
  },
  "POST /v1/messages": {
    name: "createMessage",
    summary: "Anthropic's messages, plain or streamed",
    permission: "gateway:use",
    body: MessagesBody,
    response: Answer,
    wire: "anthropic",
  },
  "POST /v1/messages/count_tokens": {
    name: "countMessageTokens",
    summary: "How many tokens a messages request would send",
    permission: "gateway:use",
    body: CountTokensBody,
    response: z.looseObject({ input_tokens: z.number() }),
    wire: "anthropic",
  },
});
