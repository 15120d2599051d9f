import { writeFile } from "node:fs/promises";
import { type WriterTensor, type WriterValue, writeGguf } from "./gguf-writer.ts";

const WIDTH = 64;
const RANK = 2;
const LAYERS = 2;

type TinyAdapter = {
  readonly seed?: number;
  readonly strength?: number;
  readonly metadata?: Record<string, WriterValue>;
};

/** Writes a LoRA adapter of random weights for the tiny model; one seed writes the same bytes. `strength` 0 changes nothing. */
export async function writeTinyAdapter(path: string, { seed = 7, strength = 1, metadata = {} }: TinyAdapter = {}) {
  let state = seed;
  const random = () => {
    state = (state * 48_271) % 2_147_483_647;
    return ((state / 2_147_483_647) * 2 - 1) * strength;
  };
  const part = (name: string, dimensions: readonly [number, number]): WriterTensor => ({
    name,
    dimensions,
    values: Float32Array.from({ length: dimensions[0] * dimensions[1] }, random),
  });
  const tensors = Array.from({ length: LAYERS }, (_, layer) => [
    part(`blk.${layer}.attn_output.weight.lora_a`, [WIDTH, RANK]),
    part(`blk.${layer}.attn_output.weight.lora_b`, [RANK, WIDTH]),
  ]).flat();
  const head: Record<string, WriterValue> = {
    "general.architecture": { type: "text", value: "llama" },
    "general.type": { type: "text", value: "adapter" },
    "general.name": { type: "text", value: "Tiny adapter" },
    "adapter.type": { type: "text", value: "lora" },
    "adapter.lora.alpha": { type: "f32", value: 4 },
    ...metadata,
  };
  await writeFile(path, writeGguf(head, tensors));
}
