import { writeFile } from "node:fs/promises";
import { type WriterTensor, type WriterValue, writeGguf } from "./gguf-writer.ts";

const WIDTH = 64;
const HIDDEN = 128;
const LAYERS = 2;
const HEADS = 2;
const CONTROL_TOKENS = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"];
const CHAT_TEMPLATE =
  "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n' }}{% endfor %}" +
  "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}";

/** Different seeds give models that answer differently. `contextTokens` is what it claims to have been trained on. */
type TinyModel = {
  readonly seed?: number;
  readonly contextTokens?: number;
  readonly kind?: "chat" | "embedding";
  readonly chatTemplate?: string | null;
  /** A text that it prefers over all others wherever possible: it has its own token. */
  readonly says?: string;
  readonly architecture?: string;
  /** Whether it has tokens that begin and end a text. */
  readonly hasEnds?: boolean;
  /** Null for a file that says none. */
  readonly license?: string | null;
};

/**
 * Writes a language model of about 0.5 MB with random weights: a real file for the real engine, that says nonsense.
 * Its vocabulary is one token for each byte and three control tokens, and its template is ChatML. The same seed writes the same bytes.
 */
export async function writeTinyModel(path: string, model: TinyModel = {}): Promise<void> {
  await writeFile(path, tinyModel(model));
}

function tinyModel({
  seed = 1,
  contextTokens = 2_048,
  kind = "chat",
  chatTemplate = CHAT_TEMPLATE,
  says,
  architecture = "llama",
  hasEnds = true,
  license = "apache-2.0",
}: TinyModel): Buffer {
  const tokens = [...byteTokens(), ...CONTROL_TOKENS, ...(says === undefined ? [] : [says])];
  const metadata: Record<string, WriterValue> = {
    "general.architecture": { type: "text", value: architecture },
    "general.name": { type: "text", value: "Tiny random model" },
    ...(license === null ? {} : { "general.license": { type: "text", value: license } }),
    "llama.context_length": { type: "u32", value: contextTokens },
    "llama.embedding_length": { type: "u32", value: WIDTH },
    "llama.block_count": { type: "u32", value: LAYERS },
    "llama.feed_forward_length": { type: "u32", value: HIDDEN },
    "llama.attention.head_count": { type: "u32", value: HEADS },
    "llama.attention.head_count_kv": { type: "u32", value: HEADS },
    "llama.attention.layer_norm_rms_epsilon": { type: "f32", value: 1e-5 },
    "llama.rope.dimension_count": { type: "u32", value: WIDTH / HEADS },
    "llama.vocab_size": { type: "u32", value: tokens.length },
    "tokenizer.ggml.model": { type: "text", value: "gpt2" },
    "tokenizer.ggml.pre": { type: "text", value: "default" },
    "tokenizer.ggml.tokens": { type: "texts", value: tokens },
    "tokenizer.ggml.token_type": { type: "i32s", value: tokens.map((_token, index) => typeOf(index)) },
    "tokenizer.ggml.merges": { type: "texts", value: ["t h"] },
    "tokenizer.ggml.add_bos_token": { type: "bool", value: false },
  };
  if (hasEnds) {
    metadata["tokenizer.ggml.bos_token_id"] = { type: "u32", value: 256 };
    metadata["tokenizer.ggml.eos_token_id"] = { type: "u32", value: 258 };
  }
  if (chatTemplate !== null) metadata["tokenizer.chat_template"] = { type: "text", value: chatTemplate };
  if (kind === "embedding") metadata["llama.pooling_type"] = { type: "u32", value: 1 };
  const tensors = tensorsOf(tokens.length, createRandom(seed));
  if (says !== undefined) favourLast(tensors);
  return writeGguf(metadata, tensors);
}

function tensorsOf(vocabulary: number, random: () => number): WriterTensor[] {
  const matrix = (name: string, columns: number, rows: number): WriterTensor => ({
    name,
    dimensions: [columns, rows],
    values: Float32Array.from({ length: columns * rows }, () => random() * 0.25),
  });
  const norm = (name: string): WriterTensor => ({ name, dimensions: [WIDTH], values: new Float32Array(WIDTH).fill(1) });
  const layers = Array.from({ length: LAYERS }, (_layer, index) => [
    norm(`blk.${index}.attn_norm.weight`),
    ...["attn_q", "attn_k", "attn_v", "attn_output"].map((name) => matrix(`blk.${index}.${name}.weight`, WIDTH, WIDTH)),
    norm(`blk.${index}.ffn_norm.weight`),
    matrix(`blk.${index}.ffn_gate.weight`, WIDTH, HIDDEN),
    matrix(`blk.${index}.ffn_up.weight`, WIDTH, HIDDEN),
    matrix(`blk.${index}.ffn_down.weight`, HIDDEN, WIDTH),
  ]);
  return [
    matrix("token_embd.weight", WIDTH, vocabulary),
    ...layers.flat(),
    norm("output_norm.weight"),
    matrix("output.weight", WIDTH, vocabulary),
  ];
}

/** Bytes are plain tokens, then come the control tokens, then one of the writer's own. */
const typeOf = (token: number) => (token < 256 ? 1 : token < 256 + CONTROL_TOKENS.length ? 3 : 4);

/** Every token gets one part in common, and the last row of the output answers to that part. */
function favourLast(tensors: readonly WriterTensor[]) {
  for (const { name, values } of tensors) {
    if (name === "token_embd.weight") for (let at = 0; at < values.length; at += WIDTH) values[at] = 8;
    if (name === "output.weight") values[values.length - WIDTH] = 8;
  }
}

/** The 256 bytes as byte-level vocabularies spell them: printable ones as themselves, the others from U+0100 on. */
function byteTokens(): string[] {
  const isPrintable = (byte: number) => (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
  let next = 256;
  return Array.from({ length: 256 }, (_byte, byte) => String.fromCodePoint(isPrintable(byte) ? byte : next++));
}

/** Numbers from -1 to 1 by a multiplicative generator: small, and the same everywhere. */
function createRandom(seed: number) {
  let state = (seed * 2_654_435_761) % 2_147_483_647 || 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return (state / 2_147_483_647) * 2 - 1;
  };
}
