import type { GgufHeader } from "./gguf/header.ts";
import type { ModelFacts } from "./port.ts";

const MIB = 1024 * 1024;
/** Keys and values are held as 16-bit floats. */
const BYTES_OF_VALUE = 2;
const CONTEXT_SIZES = [131_072, 65_536, 32_768, 16_384, 8_192, 4_096, 2_048, 1_024];
const LEAST_CONTEXT_MEMORY = 256 * MIB;
/** The engine's memory in addition to weights and context: intermediate results of a batch. */
const WORK_MEMORY = 128 * MIB;

/** Short texts are read by one core each. A longer context needs more memory than more contexts are worth. */
const MOST_TOKENS_OF_SHORT_TEXT = 1_024;
const MOST_TEXTS = 8;
/** Of the outputs of all texts that are read at the same time. */
const MOST_OUTPUT_MEMORY = 2_048 * MIB;
/** The tree in which the engine looks up the tokens of a unigram vocabulary, per token. Measured. */
const BYTES_OF_UNIGRAM = 1_700;

type Limits = { readonly parallel: number; readonly cores: number; readonly budgetBytes: number };

/** The engine reserves an output for each token of the vocabulary at each position, also where only vectors are computed. */
const outputBytes = (header: GgufHeader, contextTokens: number) => vocabularyOf(header) * contextTokens * 4;

function textsAtOnce(header: GgufHeader, contextTokens: number, { cores, budgetBytes }: Limits): number {
  if (contextTokens > MOST_TOKENS_OF_SHORT_TEXT) return 1;
  const room = Math.min(MOST_OUTPUT_MEMORY, budgetBytes / 4) / outputBytes(header, contextTokens);
  return Math.max(1, Math.min(cores, MOST_TEXTS, Math.floor(room)));
}

function vocabularyOf({ metadata }: GgufHeader): number {
  const tokens = metadata.get("tokenizer.ggml.tokens");
  return typeof tokens === "object" ? tokens.items : 0;
}

/**
 * The metadata of a checked file, and the context length for which there is memory with this number of parallel
 * requests.
 */
export function factsOf(header: GgufHeader, limits: Limits): ModelFacts {
  const { metadata, architecture } = header;
  const text = (key: string) => {
    const value = metadata.get(key);
    return typeof value === "string" ? value : "";
  };
  const kind = isEmbedding(header) ? "embedding" : "chat";
  const tokenBytes = contextBytesOfToken(header);
  const trained = sizeOf(header, "context_length") ?? 2_048;
  const contextTokens =
    kind === "embedding" ? Math.min(trained, 8_192) : contextFor(header, { trained, tokenBytes, ...limits });
  const texts = kind === "embedding" ? textsAtOnce(header, contextTokens, limits) : 1;
  const parallel = kind === "embedding" ? texts : limits.parallel;
  const outputs = kind === "embedding" ? texts * outputBytes(header, contextTokens) : 0;
  const unigrams = metadata.get("tokenizer.ggml.model") === "t5" ? vocabularyOf(header) * BYTES_OF_UNIGRAM : 0;
  return {
    kind,
    architecture,
    name: text("general.name"),
    license: text("general.license"),
    parameters: header.weights,
    quantisation: header.mainType,
    trainedTokens: trained,
    contextTokens,
    textsAtOnce: texts,
    dimensions: kind === "embedding" ? (sizeOf(header, "embedding_length") ?? null) : null,
    sizeBytes: header.fileBytes,
    memoryBytes: header.fileBytes + tokenBytes * contextTokens * parallel + WORK_MEMORY + outputs + unigrams,
  };
}

function isEmbedding({ metadata, architecture }: GgufHeader) {
  const pooling = metadata.get(`${architecture}.pooling_type`);
  return (typeof pooling === "number" && pooling > 0) || architecture.endsWith("bert");
}

function sizeOf({ metadata, architecture }: GgufHeader, key: string) {
  const value = metadata.get(`${architecture}.${key}`);
  return typeof value === "number" && value > 0 ? value : undefined;
}

/** Each layer stores a key and a value for each token and key-value head. */
function contextBytesOfToken(header: GgufHeader) {
  const layers = sizeOf(header, "block_count") ?? 1;
  const width = sizeOf(header, "embedding_length") ?? 1;
  const heads = sizeOf(header, "attention.head_count") ?? 1;
  const keyValueHeads = sizeOf(header, "attention.head_count_kv") ?? heads;
  const keyLength = sizeOf(header, "attention.key_length") ?? width / heads;
  const valueLength = sizeOf(header, "attention.value_length") ?? width / heads;
  return layers * keyValueHeads * (keyLength + valueLength) * BYTES_OF_VALUE;
}

type Wish = Limits & { readonly trained: number; readonly tokenBytes: number };

/** The context may take about as much as the weights, and never more than a quarter of the budget. */
function contextFor(header: GgufHeader, { trained, tokenBytes, parallel, budgetBytes }: Wish) {
  const most = Math.min(budgetBytes / 4, Math.max(LEAST_CONTEXT_MEMORY, budgetBytes / 32, header.fileBytes));
  const fits = (tokens: number) => tokenBytes * tokens * parallel <= most;
  const sizes = [trained, ...CONTEXT_SIZES].filter((tokens) => tokens <= trained).toSorted((a, b) => b - a);
  return sizes.find(fits) ?? Math.min(trained, 1_024);
}
