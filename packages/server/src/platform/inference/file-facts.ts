/** The metadata of a checked model file, and its requirements here. */
export type ModelFacts = {
  readonly kind: "chat" | "embedding";
  readonly architecture: string;
  /** The name in the file, or an empty text. */
  readonly name: string;
  /** For example `apache-2.0`. Empty if the file has none. */
  readonly license: string;
  readonly parameters: number;
  /** The type that most weights have, such as `Q4_1`. */
  readonly quantisation: string;
  /** How many tokens it was trained to hold. */
  readonly trainedTokens: number;
  /** How many tokens one request may hold here: what the model was trained on, or less where memory is short. */
  readonly contextTokens: number;
  /** How many texts an embedding model reads at the same time here; 1 for a chat model. */
  readonly textsAtOnce: number;
  /** The length of an embedding model's vectors; null for a chat model. */
  readonly dimensions: number | null;
  readonly sizeBytes: number;
  readonly memoryBytes: number;
};

/** The metadata of a checked LoRA adapter in GGUF. */
export type AdapterFacts = {
  /** The architecture of its base model. */
  readonly architecture: string;
  readonly name: string;
  readonly alpha: number;
  /** Weights of the adapter itself. */
  readonly parameters: number;
  /** Tensors of the model that it changes. */
  readonly targets: number;
  readonly sizeBytes: number;
};

/** The metadata of a folder in the layout of transformers.js. */
export type OnnxFacts = {
  readonly kind: "chat";
  /** The used files. */
  readonly weights: "fp32" | "q8";
  /** Whether the weights are in a separate file next to the model. */
  readonly hasDataBeside: boolean;
  readonly contextTokens: number;
  readonly sizeBytes: number;
  readonly memoryBytes: number;
};
