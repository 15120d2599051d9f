import { writeFile } from "node:fs/promises";
import { readGgufHeader } from "../../packages/server/src/platform/inference/gguf/header.ts";
import { type WriterTensor, writeGguf } from "../../packages/server/src/platform/inference/testing/gguf-writer.ts";

const RANK = 16;
/** So small that the answers stay sentences, and so large that they differ. */
const STRENGTH = 0.02;

/** Writes a LoRA adapter of random weights over a model with as many query heads as it is wide, such as a small Llama. */
export async function writeLora(path: string, { base, seed }: { base: string; seed: number }): Promise<void> {
  const { metadata, architecture } = await readGgufHeader(base);
  const size = (key: string) => Number(metadata.get(`${architecture}.${key}`));
  const [width, layers] = [size("embedding_length"), size("block_count")];
  let state = seed;
  const random = () => {
    state = (state * 48_271) % 2_147_483_647;
    return ((state / 2_147_483_647) * 2 - 1) * STRENGTH;
  };
  const part = (name: string, dimensions: readonly [number, number]): WriterTensor => ({
    name,
    dimensions,
    values: Float32Array.from({ length: dimensions[0] * dimensions[1] }, random),
  });
  const targets = Array.from({ length: layers }, (_, layer) =>
    ["attn_q", "attn_output"].map((name) => `blk.${layer}.${name}.weight`),
  ).flat();
  const tensors = targets.flatMap((name) => [
    part(`${name}.lora_a`, [width, RANK]),
    part(`${name}.lora_b`, [RANK, width]),
  ]);
  const head = {
    "general.architecture": { type: "text", value: architecture },
    "general.type": { type: "text", value: "adapter" },
    "general.name": { type: "text", value: `Random adapter ${seed}` },
    "adapter.type": { type: "text", value: "lora" },
    "adapter.lora.alpha": { type: "f32", value: RANK },
  } as const;
  await writeFile(path, writeGguf(head, tensors));
}
