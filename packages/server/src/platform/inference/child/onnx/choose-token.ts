import type { GenerateOrder } from "../../protocol.ts";
import { createDraw, createRandom, settled } from "../sampling.ts";

type Knobs = Pick<GenerateOrder, "temperature" | "topP" | "seed">;

/** Selects the next token from the model's scores, with the same rules and seeds as llama.cpp. */
export function createChoice(knobs: Knobs): (logits: Float32Array) => number {
  const { temperature, seed, topP, topK } = settled(knobs);
  if (temperature === 0) return likeliest;
  const draw = createDraw<number>({ temperature, topP, topK, random: createRandom(seed) });
  return (logits) => draw(distributionOf(logits, topK));
}

function likeliest(logits: Float32Array): number {
  let best = 0;
  for (let token = 1; token < logits.length; token++) if (at(logits, token) > at(logits, best)) best = token;
  return best;
}

const at = (logits: Float32Array, token: number) => logits[token] ?? Number.NEGATIVE_INFINITY;

/** Probabilities from the likeliest down; of a whole vocabulary only as many as can be drawn, where that is known. */
function distributionOf(logits: Float32Array, most: number): [token: number, probability: number][] {
  const largest = at(logits, likeliest(logits));
  let sum = 0;
  for (const logit of logits) sum += Math.exp(logit - largest);
  const order = Uint32Array.from(logits, (_, token) => token).sort((a, b) => at(logits, b) - at(logits, a));
  return Array.from(most > 0 ? order.subarray(0, most) : order, (token) => [
    token,
    Math.exp(at(logits, token) - largest) / sum,
  ]);
}
