import { type FileHandle, open } from "node:fs/promises";
import type { GgufEntry } from "../gguf/encode.ts";
import { type GgufTensor, tensorBytes, writeGgufFile } from "../gguf/write.ts";
import { buildCharsmap } from "./charsmap.ts";
import { type PackedE5, readPackedE5 } from "./read.ts";
import { damaged } from "./sections.ts";

const PART_BYTES = 1 << 18;
const NORMAL = 1;
const UNKNOWN = 2;
const CONTROL = 3;
const MEAN_POOLING = 1;
/** `general.file_type` of a file with most weights in Q4_0. */
const MOSTLY_Q4_0 = 2;

type Paths = { readonly from: string; readonly to: string };
/** What the packed file does not say about itself. */
type About = { readonly name: string; readonly license: string };

/**
 * Writes a packed E5 model as a GGUF file that llama.cpp runs as `bert` with a unigram tokenizer. The weights are copied unchanged. The
 * same input gives the same bytes. Throws `unprocessable` for a damaged input; `to` may then hold a part of the output.
 */
export async function convertPackedE5({ from, to }: Paths, about: About, signal: AbortSignal): Promise<void> {
  const file = await open(from, "r");
  try {
    const model = await readPackedE5(file);
    await writeGgufFile(to, { metadata: metadataOf(model, about), tensors: tensorsOf(model, file) }, signal);
  } finally {
    await file.close();
  }
}

function metadataOf(model: PackedE5, { name, license }: About): Record<string, GgufEntry> {
  const u32 = (value: number): GgufEntry => ({ type: "u32", value });
  const text = (value: string): GgufEntry => ({ type: "text", value });
  const bool = (value: boolean): GgufEntry => ({ type: "bool", value });
  const { special } = model;
  return {
    "general.architecture": text("bert"),
    "general.name": text(name),
    "general.license": text(license),
    "general.file_type": u32(MOSTLY_Q4_0),
    "bert.context_length": u32(model.positions),
    "bert.embedding_length": u32(model.width),
    "bert.block_count": u32(model.layers),
    "bert.feed_forward_length": u32(model.hidden),
    "bert.attention.head_count": u32(model.heads),
    "bert.attention.layer_norm_epsilon": { type: "f32", value: model.epsilon },
    "bert.attention.causal": bool(false),
    "bert.pooling_type": u32(MEAN_POOLING),
    "tokenizer.ggml.model": text("t5"),
    "tokenizer.ggml.pre": text("default"),
    "tokenizer.ggml.tokens": { type: "utf8s", value: model.tokens },
    "tokenizer.ggml.scores": { type: "f32s", value: model.scores },
    "tokenizer.ggml.token_type": { type: "i32s", value: typesOf(model) },
    "tokenizer.ggml.precompiled_charsmap": { type: "u8s", value: buildCharsmap(model.normalisation) },
    "tokenizer.ggml.token_type_count": u32(model.tokenTypes),
    "tokenizer.ggml.add_space_prefix": bool(true),
    "tokenizer.ggml.remove_extra_whitespaces": bool(true),
    "tokenizer.ggml.bos_token_id": u32(special.begin),
    "tokenizer.ggml.eos_token_id": u32(special.end),
    "tokenizer.ggml.unknown_token_id": u32(special.unknown),
    "tokenizer.ggml.seperator_token_id": u32(special.end),
    "tokenizer.ggml.padding_token_id": u32(special.pad),
    "tokenizer.ggml.cls_token_id": u32(special.begin),
    "tokenizer.ggml.add_bos_token": bool(true),
    "tokenizer.ggml.add_eos_token": bool(true),
  };
}

/** Special tokens have the score 0, which no text reaches; they must not be found in a text. */
function typesOf({ special, scores }: PackedE5): number[] {
  const control = new Set([special.begin, special.end, special.pad]);
  return Array.from(scores, (score, id) =>
    id === special.unknown ? UNKNOWN : control.has(id) || score === 0 ? CONTROL : NORMAL,
  );
}

/** Names in the packed file and in GGUF, as llama.cpp's `LLM_ARCH_BERT` lists them. */
const PARTS = [
  ["q", "attn_q"],
  ["k", "attn_k"],
  ["v", "attn_v"],
  ["ao", "attn_output"],
  ["aln", "attn_output_norm"],
  ["fi", "ffn_up"],
  ["fo", "ffn_down"],
  ["oln", "layer_output_norm"],
] as const;

function tensorsOf(model: PackedE5, file: FileHandle): GgufTensor[] {
  const { width, hidden, layers } = model;
  const find = (from: string, name: string, shape: Pick<GgufTensor, "dimensions" | "type">): GgufTensor => {
    const packed = model.tensors.get(from);
    const bytes = tensorBytes(shape);
    if (!packed) throw damaged(`it has no tensor "${from}"`);
    // The token embeddings may have rows without a token at their end.
    if (packed.type !== shape.type || (from === "emb.word" ? packed.bytes < bytes : packed.bytes !== bytes))
      throw damaged(`the tensor "${from}" has ${packed.weights} weights of the type ${packed.type}`);
    return { name, ...shape, read: () => readPart(file, packed.offset, bytes) };
  };
  const matrix = (from: string, name: string, dimensions: readonly number[]) =>
    find(from, name, { dimensions, type: "Q4_0" });
  const floats = (from: string, name: string, dimensions: readonly number[]) =>
    find(from, name, { dimensions, type: "F32" });
  const layer = (index: number) =>
    PARTS.flatMap(([from, to]) => {
      const columns = from === "fo" ? hidden : width;
      const rows = from === "fi" ? hidden : width;
      const [source, target] = [`l${index}.${from}`, `blk.${index}.${to}`];
      const isNorm = from === "aln" || from === "oln";
      return [
        isNorm
          ? floats(`${source}.w`, `${target}.weight`, [width])
          : matrix(`${source}.w`, `${target}.weight`, [columns, rows]),
        floats(`${source}.b`, `${target}.bias`, [rows]),
      ];
    });
  return [
    matrix("emb.word", "token_embd.weight", [width, model.tokens.length]),
    floats("emb.pos", "position_embd.weight", [width, model.positions]),
    floats("emb.type", "token_types.weight", [width, model.tokenTypes]),
    floats("emb.ln.w", "token_embd_norm.weight", [width]),
    floats("emb.ln.b", "token_embd_norm.bias", [width]),
    ...Array.from({ length: layers }, (_, index) => layer(index)).flat(),
  ];
}

async function* readPart(file: FileHandle, offset: number, length: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < length; ) {
    const buffer = Buffer.allocUnsafe(Math.min(PART_BYTES, length - at));
    const { bytesRead } = await file.read(buffer, 0, buffer.length, offset + at);
    if (bytesRead === 0) throw damaged(`its weights could only be read up to byte ${offset + at}`);
    at += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}
