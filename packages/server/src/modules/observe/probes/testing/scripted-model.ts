import { createHash } from "node:crypto";
import { createRandom, type Random } from "@treadle/metrics";
import { AppError } from "../../../../kernel/errors.ts";
import { FULL_PROMPTS } from "../prompts/built-in.ts";
import type { AskModel } from "../stores/deps.ts";

const WORDS = "amber birch cedar dune ember fjord grove heath inlet jetty".split(" ");
const COST = 0.0001;

/**
 * A model on a seed that answers from fixed distributions. `weights` moves its short answers and log-probabilities, and `style`
 * the words of its samples. One of six short prompts has two likely answers, unless it is deterministic.
 */
export function createScriptedModel(seed: number) {
  const asked = new Map<string, number>();
  /** The draws of a call depend on its prompt and on earlier calls with it, but not on the order of other calls. */
  const drawsFor = (text: string) => {
    const calls = (asked.get(text) ?? 0) + 1;
    asked.set(text, calls);
    return createRandom((hashOf(text) ^ (seed * 7_919)) + calls * 104_729);
  };
  const state = {
    weights: 0,
    style: 0,
    isDown: false,
    isReasoning: false,
    isDeterministic: false,
    hasLogprobs: true,
    calls: 0,
    temperatures: new Set<unknown>(),
    /** Called before each answer. */
    onCall: (_calls: number): void => undefined,
  };
  const shareOf = (text: string) => {
    const hash = hashOf(text);
    if (state.isDeterministic || hash % 6 !== 0) return 1;
    const logit = ((hash >>> 8) % 100) / 100 - 0.5 + state.weights * (hash % 4 < 2 ? 1 : -1);
    return 1 / (1 + Math.exp(-logit));
  };
  const sample = (random: Random) =>
    Array.from({ length: 8 }, () => WORDS[Math.max(0, random.below(10) - state.style)]).join(" ");
  const isFull = new Set(FULL_PROMPTS.map(({ text }) => text));

  const ask: AskModel = async (_scope, request, signal) => {
    state.calls++;
    state.onCall(state.calls);
    signal.throwIfAborted();
    if (state.isDown) throw new AppError("provider_failed", { message: "The provider is down." });
    state.temperatures.add(request.temperature);
    const text = String(request.messages[0]?.content);
    const random = drawsFor(text);
    const isFirst = random.next() < shareOf(text);
    const noise = () => 0.02 * random.normal() + state.weights * 0.1;
    return {
      text: isFull.has(text) && request.temperature === 1 ? sample(random) : isFirst ? " First " : "Second",
      logprobs: request.logprobs && state.hasLogprobs ? { a: -0.5 + noise(), b: -1.5 - noise() } : null,
      isReasoned: state.isReasoning,
      costUsd: COST,
    };
  };
  return { state, ask, isBorder: (text: string) => shareOf(text) < 1 };
}

const hashOf = (text: string) => createHash("sha256").update(text).digest().readUInt32BE(0);
