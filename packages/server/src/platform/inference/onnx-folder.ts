import { readFile, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { z } from "zod";
import { AppError } from "../../kernel/errors.ts";
import type { OnnxFacts } from "./port.ts";

const LIBRARY = "@huggingface/transformers";
/** The tested version. */
const VERSION = "4.3.1";
const MOST_CONFIG_BYTES = 1024 * 1024;
const MIB = 1024 * 1024;
/** The runtime's memory in addition to the weights. */
const WORK_MEMORY = 256 * MIB;
const MOST_CONTEXT = 8_192;
const BYTES_OF_VALUE = 4;

const WEIGHTS = [
  { weights: "fp32", path: "onnx/model.onnx" },
  { weights: "q8", path: "onnx/model_quantized.onnx" },
] as const;

const size = z.number().int().positive().max(10_000_000);
const Config = z.looseObject({
  max_position_embeddings: size.default(2_048),
  num_hidden_layers: size.max(10_000),
  hidden_size: size,
  num_attention_heads: size.max(100_000),
  num_key_value_heads: size.max(100_000).optional(),
  head_dim: size.max(100_000).optional(),
});

/** The file of the library that runs ONNX. Null if it is not installed there. */
export function findOnnxLibrary(folder: string): string | null {
  try {
    return createRequire(join(folder, "package.json")).resolve(LIBRARY);
  } catch {
    return null;
  }
}

/** Why ONNX does not run here and what to do, or null. */
export const whyNoOnnx = (folder: string): string | null =>
  findOnnxLibrary(folder) === null
    ? `ONNX models need ${LIBRARY}, which is not installed by default (470 MB). Install it: \`npm install --ignore-scripts --prefix ${folder} ${LIBRARY}@${VERSION}\`. Or convert the model to GGUF.`
    : null;

/** Checks a folder in the layout of transformers.js. Throws `unprocessable` with the missing parts. */
export async function inspectOnnx(folder: string, parallel: number): Promise<OnnxFacts> {
  const config = await readConfig(join(folder, "config.json"));
  if ((await bytesOf(join(folder, "tokenizer.json"))) === 0) throw refused("it has no tokenizer.json");
  for (const { weights, path } of WEIGHTS) {
    const sizeBytes = await bytesOf(join(folder, path));
    if (sizeBytes === 0) continue;
    const beside = await bytesOf(join(folder, `${path}_data`));
    const contextTokens = Math.min(config.max_position_embeddings, MOST_CONTEXT);
    const headSize = config.head_dim ?? config.hidden_size / config.num_attention_heads;
    const heads = config.num_key_value_heads ?? config.num_attention_heads;
    const ofToken = 2 * config.num_hidden_layers * heads * headSize * BYTES_OF_VALUE;
    return {
      kind: "chat",
      weights,
      hasDataBeside: beside > 0,
      contextTokens,
      sizeBytes: sizeBytes + beside,
      // While loading, the runtime stores weights in its own order in addition to the file's.
      memoryBytes: Math.ceil((sizeBytes + beside) * 1.5 + ofToken * contextTokens * parallel + WORK_MEMORY),
    };
  }
  throw refused("it has neither onnx/model.onnx nor onnx/model_quantized.onnx");
}

const refused = (why: string, cause?: unknown) =>
  new AppError("unprocessable", { message: `transformers.js cannot run the model in this folder: ${why}.`, cause });

const bytesOf = (path: string): Promise<number> =>
  stat(path).then(
    (stats) => (stats.isFile() ? stats.size : 0),
    () => 0,
  );

async function readConfig(path: string): Promise<z.output<typeof Config>> {
  const bytes = await bytesOf(path);
  if (bytes === 0) throw refused("it has no config.json");
  if (bytes > MOST_CONFIG_BYTES) throw refused("its config.json is too large");
  try {
    return Config.parse(JSON.parse(await readFile(path, "utf8")));
  } catch (cause) {
    throw refused("its config.json does not give the layers, heads and sizes of a language model", cause);
  }
}
