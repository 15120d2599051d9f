import type { ErrorCode } from "@treadle/contract";
import type { GenerateEvent, GenerateRequest, InferenceMessage, LogprobsRequest, TextLogprobs } from "./port.ts";

/** The parameters for loading one model file. */
export type LoadOrder = {
  readonly modelId: string;
  readonly kind: "chat" | "embedding";
  readonly path: string;
  /** Tokens that one request may hold, prompt and answer together. */
  readonly contextTokens: number;
  /** How many requests are answered at once; for an embedding model, how many texts are read at once. */
  readonly sequences: number;
  readonly threads: number;
  /** Threads that all models compute with at the same time. */
  readonly mostThreads: number;
  readonly systemPrompt: string | null;
  /** Where a request names none; null leaves it to the engine. */
  readonly temperature: number | null;
};

/** The parameters for loading a folder in the layout of transformers.js. */
export type OnnxOrder = {
  readonly modelId: string;
  readonly path: string;
  /** The file of the library that runs it. */
  readonly library: string;
  readonly weights: "fp32" | "q8";
  readonly hasDataBeside: boolean;
  readonly contextTokens: number;
  readonly threads: number;
};

/** An adapter over a model that is loaded already. */
export type AdapterOrder = {
  readonly modelId: string;
  readonly overId: string;
  readonly path: string;
  readonly scale: number;
  /** How many adapters over the model can answer at the same time; each needs a context. */
  readonly rooms: number;
  readonly contextTokens: number;
  readonly sequences: number;
  readonly threads: number;
};

/** A request with everything decided that does not need the model: which tools, and the grammar its answer is held to. */
export type GenerateOrder = Omit<GenerateRequest, "jsonSchema" | "toolChoice"> & {
  readonly grammar: string | null;
  /** Whether the answer is one call of a tool by its grammar. */
  readonly isForcedCall: boolean;
  /** The grammar of a call that the model begins on its own. */
  readonly callGrammar: string | null;
};

export type Prompt = { readonly messages: readonly InferenceMessage[] } | { readonly text: string };

/** The calls that the child answers, with their arguments and results. */
export type Calls = {
  load: { order: LoadOrder; answer: { contextTokens: number } };
  loadOnnx: { order: OnnxOrder; answer: { contextTokens: number } };
  adapt: { order: AdapterOrder; answer: { contextTokens: number } };
  unload: { order: { modelId: string }; answer: null };
  generate: { order: GenerateOrder; answer: null };
  embed: { order: { modelId: string; texts: readonly string[] }; answer: { vectors: number[][]; tokens: number } };
  logprobs: { order: LogprobsRequest; answer: TextLogprobs };
  count: { order: { modelId: string; prompt: Prompt }; answer: number };
  countTexts: { order: { modelId: string; texts: readonly string[] }; answer: number[] };
};
export type CallName = keyof Calls;

export type ToChild =
  | {
      readonly [Name in CallName]: { readonly type: Name; readonly call: number; readonly order: Calls[Name]["order"] };
    }[CallName]
  | { readonly type: "cancel"; readonly call: number }
  | { readonly type: "ping" };

export type CallFailure = { readonly code: ErrorCode; readonly message: string; readonly details?: unknown };

export type FromChild =
  | { readonly type: "ready" }
  | { readonly type: "pong" }
  | { readonly type: "event"; readonly call: number; readonly event: GenerateEvent }
  | { readonly type: "answer"; readonly call: number; readonly answer: Calls[CallName]["answer"] }
  | { readonly type: "failed"; readonly call: number; readonly failure: CallFailure };

/** The embedding model that ships with the program: 512 numbers a text, English. */
export const BUILTIN_EMBEDDING = "use-lite-en";
