import { createHash } from "node:crypto";
import type { ChatRequest } from "@treadle/contract";
import { createRandom } from "@treadle/metrics";
import { answerTokensOf, FULL_PROMPTS, LOGPROB_PROMPTS, SHORT_PROMPTS } from "../prompts/built-in.ts";
import type { ProbeRow } from "../stores/probe-store.ts";
import type { KeptPrompt } from "../stores/probe-values.ts";
import type { RunKind, RunRow } from "../stores/run-store.ts";

/** One call of a run. */
export type PlannedCall = { readonly prompt: KeptPrompt; readonly repeat: number };

/** So often each prompt is asked in a run of each kind. */
export const REPEATS = { selection: 10, samples: 25, reference: 20, daily: 5, confirmation: 25 } as const;
const TOP_TOKENS = 5;

const promptsOf = (kind: RunKind, kept: readonly KeptPrompt[]): readonly KeptPrompt[] => {
  if (kind === "selection") return SHORT_PROMPTS;
  return kind === "samples" || kind === "confirmation" ? FULL_PROMPTS : kept;
};

/** The calls of a run in an order that is the same after a restart and mixes the prompts. */
export function planCalls({ id, kind }: Pick<RunRow, "id" | "kind">, kept: readonly KeptPrompt[]): PlannedCall[] {
  const calls = promptsOf(kind, kept).flatMap((prompt) => repeat(prompt, REPEATS[kind]));
  if (kind === "selection") calls.push(...LOGPROB_PROMPTS.flatMap((prompt) => repeat(prompt, 1)));
  const random = createRandom(createHash("sha256").update(id).digest().readUInt32BE(0));
  return calls
    .map((call) => ({ call, place: random.next() }))
    .sort((one, other) => one.place - other.place)
    .map(({ call }) => call);
}

const repeat = (prompt: KeptPrompt, times: number): PlannedCall[] =>
  Array.from({ length: times }, (_, place) => ({ prompt, repeat: place }));

/** The request of a call. Only samples for the second test are drawn at a temperature above 0. */
export function requestOf({ settings }: Pick<ProbeRow, "settings">, kind: RunKind, prompt: KeptPrompt): ChatRequest {
  const isSample = kind === "samples" || kind === "confirmation";
  return {
    ...settings.parameters,
    model: settings.model,
    messages: [{ role: "user", content: prompt.text }],
    temperature: isSample ? 1 : 0,
    max_tokens: answerTokensOf(prompt),
    ...(prompt.kind === "logprobs" && { logprobs: true, top_logprobs: TOP_TOKENS }),
  };
}
