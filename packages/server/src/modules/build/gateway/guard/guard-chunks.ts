import { createCollector } from "../formats/hub/collect-chunks.ts";
import type { ChatChunk, ChatResponse, ChatUsage } from "../formats/hub/hub.ts";
import { type ChoiceGuard, createChoiceGuard, type Delta, type DeltaPair } from "./choice-guard.ts";
import { FILTERED, type Means, WITHHELD } from "./guard-message.ts";

/** A choice in a chunk: the `delta` of chat, or the `text` of the legacy completions. */
type Choice = ChatChunk["choices"][number] & { readonly text?: unknown };
type Head = Pick<ChatChunk, "id" | "object" | "created" | "model">;
type Ending = { readonly finish: string; readonly more: object };

export type GuardedChunks = {
  /** The stream for the caller. */
  readonly chunks: AsyncIterable<ChatChunk>;
  /** The answer so far, as it is stored. */
  readonly stored: () => ChatResponse;
};
type Options = Means & {
  /** The usage of an answer that is ended before the provider reports it. */
  readonly estimate: (sent: ChatResponse) => Promise<ChatUsage>;
};

/**
 * A streamed answer under the rules for outputs and tool calls. A finding that blocks ends the stream with a refusal, the usage
 * and the reason `content_filter`; the provider is then stopped, because the loop over its chunks is left.
 */
export function guardChunks(source: AsyncIterable<ChatChunk>, { estimate, ...means }: Options): GuardedChunks {
  const stored = createCollector();
  const choices = new Map<number, { readonly guard: ChoiceGuard; isFinished: boolean }>();
  let head: Head = { id: "", object: "chat.completion.chunk", created: 0, model: "" };
  let usage: ChatUsage | null = null;

  function choiceOf(index: number) {
    const existing = choices.get(index);
    if (existing) return existing;
    const created = { guard: createChoiceGuard(means, index), isFinished: false };
    choices.set(index, created);
    return created;
  }
  /** Stores a piece, and returns the chunk for the caller. */
  function emit(index: number, { stored: kept, shown }: DeltaPair): ChatChunk[] {
    stored.add({ ...head, choices: [{ index, delta: kept, finish_reason: null }] } as ChatChunk);
    const isEmpty = Object.keys(shown).length === 0;
    return isEmpty ? [] : [{ ...head, choices: [{ index, delta: shown, finish_reason: null }] } as ChatChunk];
  }
  function finish(index: number, { finish: reason, more }: Ending): ChatChunk[] {
    choiceOf(index).isFinished = true;
    const chunk = { ...head, choices: [{ index, delta: {}, finish_reason: reason, ...more }] } as ChatChunk;
    stored.add(chunk);
    return [chunk];
  }
  function readChoice(choice: Choice): ChatChunk[] {
    const { index = 0, finish_reason: reason, stop_sequence: stop } = choice;
    const { guard } = choiceOf(index);
    const pairs = guard.read(deltaOf(choice));
    if (reason && !guard.isBlocked()) pairs.push(...guard.finish());
    const chunks = pairs.flatMap((pair) => emit(index, pair));
    if (!reason || guard.isBlocked()) return chunks;
    return [...chunks, ...finish(index, { finish: reason, more: stop === undefined ? {} : { stop_sequence: stop } })];
  }
  /** The end of a blocked answer: a refusal in the choice that was blocked, and no more of any other. */
  function* withhold(): Generator<ChatChunk> {
    for (const [index, { guard, isFinished }] of choices) {
      if (isFinished) continue;
      if (guard.isBlocked()) yield* emit(index, { stored: { refusal: WITHHELD }, shown: { refusal: WITHHELD } });
      yield* finish(index, { finish: FILTERED, more: {} });
    }
  }
  const isBlocked = () => [...choices.values()].some(({ guard }) => guard.isBlocked());

  async function* guarded(): AsyncGenerator<ChatChunk> {
    try {
      for await (const chunk of source) {
        const { choices: parts, usage: reported, ...rest } = chunk;
        head = { ...rest, id: rest.id || head.id, model: rest.model || head.model };
        usage = reported ?? usage;
        for (const part of parts) yield* readChoice(part);
        if (isBlocked()) break;
      }
      for (const [index, { guard, isFinished }] of choices)
        if (!isFinished && !isBlocked()) for (const pair of guard.finish()) yield* emit(index, pair);
      if (isBlocked()) yield* withhold();
      else if (usage) stored.add({ ...head, choices: [], usage });
      const total = usage ?? (isBlocked() ? await estimate(stored.response()) : null);
      if (total) yield { ...head, choices: [], usage: total };
    } finally {
      for (const { guard } of choices.values()) guard.report();
    }
  }
  return { chunks: guarded(), stored: stored.response };
}

const deltaOf = ({ delta, text }: Choice): Delta => (typeof text === "string" ? { content: text } : (delta ?? {}));
