import { randomInt } from "node:crypto";
import type { SequenceEvaluateOptions, Token } from "node-llama-cpp";
import type { TokenLogprob } from "../port.ts";
import type { GenerateOrder } from "../protocol.ts";
import type { Vocabulary } from "./vocabulary.ts";

const DEFAULT_TEMPERATURE = 0.7;
const DEFAULT_TOP_P = 0.95;
const DEFAULT_TOP_K = 40;
/** The engine takes the largest 32-bit number for "choose one yourself". */
const SEEDS = 2 ** 32 - 1;
/** The stand-in for a probability of 0. */
const LEAST_LOGPROB = -9_999;

type Knobs = Pick<GenerateOrder, "temperature" | "topP" | "seed" | "topLogprobs" | "grammar">;
type Sampler = {
  /** Settings for the engine's own choice of each token. */
  readonly options: Pick<SequenceEvaluateOptions, "temperature" | "topP" | "topK" | "seed">;
  readonly wantsProbabilities: boolean;
  /** The token to take instead of the engine's, from the model's own distribution; null leaves the engine's. */
  readonly choose: ((distribution: ReadonlyMap<Token, number>) => Token) | null;
  /** Undoes what the settings did to the distribution that came back with a token. */
  readonly toModelDistribution: (probabilities: ReadonlyMap<Token, number>) => ReadonlyMap<Token, number>;
};

/**
 * The selection of tokens. With log-probabilities, the numbers must be the model's own, without temperature and
 * cut-offs. The engine then makes its greedy choice with the whole distribution, and the token is drawn here. A grammar
 * must see each selected token, so with a grammar the engine draws at the full distribution and the temperature is
 * divided out again.
 */
export function createSampler(knobs: Knobs): Sampler {
  const { temperature, seed, ...cut } = settled(knobs);
  const same = (probabilities: ReadonlyMap<Token, number>) => probabilities;
  if (knobs.topLogprobs === null) {
    return {
      options: { temperature, seed, ...cut },
      wantsProbabilities: false,
      choose: null,
      toModelDistribution: same,
    };
  }
  if (temperature === 0)
    return { options: { temperature: 0 }, wantsProbabilities: true, choose: null, toModelDistribution: same };
  if (knobs.grammar === null) {
    const choose = createDraw<Token>({ temperature, ...cut, random: createRandom(seed) });
    return { options: { temperature: 0 }, wantsProbabilities: true, choose, toModelDistribution: same };
  }
  return {
    options: { temperature, seed, topP: 1, topK: 0 },
    wantsProbabilities: true,
    choose: null,
    toModelDistribution: (probabilities) => powered(probabilities, temperature),
  };
}

/** Applies defaults to unset fields of a request. */
export function settled({ temperature, topP, seed }: Pick<Knobs, "temperature" | "topP" | "seed">) {
  return {
    temperature: temperature ?? DEFAULT_TEMPERATURE,
    seed: seed === null ? randomInt(SEEDS) : ((Math.trunc(seed) % SEEDS) + SEEDS) % SEEDS,
    ...(topP === null ? { topP: DEFAULT_TOP_P, topK: DEFAULT_TOP_K } : { topP, topK: 0 }),
  };
}

/** Each probability to a power, made to sum to 1 again: the power 1/T is what a temperature T does. */
function powered(probabilities: ReadonlyMap<Token, number>, power: number): ReadonlyMap<Token, number> {
  let sum = 0;
  for (const probability of probabilities.values()) sum += probability ** power;
  return new Map([...probabilities].map(([token, probability]) => [token, probability ** power / sum]));
}

type Draw = {
  readonly temperature: number;
  readonly topP: number;
  readonly topK: number;
  readonly random: () => number;
};

/** A draw from a distribution that is sorted from the likeliest down. */
export function createDraw<Token extends number>({ temperature, topP, topK, random }: Draw) {
  return (distribution: Iterable<readonly [Token, number]>): Token => {
    const candidates: [token: Token, weight: number][] = [];
    let mass = 0;
    for (const [token, probability] of distribution) {
      if (probability <= 0 || (topK > 0 && candidates.length >= topK) || (mass >= topP && candidates.length > 0)) break;
      mass += probability;
      candidates.push([token, probability ** (1 / temperature)]);
    }
    let point = random() * candidates.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [token, weight] of candidates) {
      point -= weight;
      if (point < 0) return token;
    }
    return candidates.at(-1)?.[0] ?? likeliest(distribution);
  };
}

function likeliest<Token extends number>(distribution: Iterable<readonly [Token, number]>): Token {
  for (const [token] of distribution) return token;
  throw new Error("the model returned an empty distribution");
}

/** Numbers from 0 up to 1 that the seed decides (the mulberry32 generator). */
export function createRandom(seed: number) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

type Chosen = { readonly token: Token; readonly distribution: ReadonlyMap<Token, number>; readonly top: number };

/** Natural logarithms of the probabilities of a token and of the likeliest ones at its place. */
export function toLogprobs(
  vocabulary: Vocabulary,
  { token, distribution, top }: Chosen,
): TokenLogprob & { top: TokenLogprob[] } {
  const entry = (one: Token, probability: number): TokenLogprob => ({
    token: vocabulary.textOf(one),
    bytes: vocabulary.bytesOf(one),
    logprob: probability > 0 ? Math.log(probability) : LEAST_LOGPROB,
  });
  const alternatives: TokenLogprob[] = [];
  for (const [other, probability] of distribution) {
    if (alternatives.length >= top || probability <= 0) break;
    alternatives.push(entry(other, probability));
  }
  return { ...entry(token, distribution.get(token) ?? 0), top: alternatives };
}
