import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** The files of a transformers.js folder except the weights, which are fake. */
export async function writeOnnxFolder(
  folder: string,
  leaveOut: readonly string[] = [],
  config: object = {},
): Promise<void> {
  const files: Record<string, string> = {
    "config.json": JSON.stringify({
      model_type: "llama",
      num_hidden_layers: 2,
      hidden_size: 64,
      num_attention_heads: 4,
      num_key_value_heads: 2,
      max_position_embeddings: 512,
      ...config,
    }),
    "tokenizer.json": "{}",
    "onnx/model.onnx": "weights",
  };
  await mkdir(join(folder, "onnx"), { recursive: true });
  for (const [path, content] of Object.entries(files))
    if (!leaveOut.includes(path)) await writeFile(join(folder, path), content);
}
