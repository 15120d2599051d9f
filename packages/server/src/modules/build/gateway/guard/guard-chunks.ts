import { createCollector } from "../formats/hub/collect-chunks.ts";
import type { ChatChunk, ChatResponse, ChatUsage } from "../formats/hub/hub.ts";
import { type ChoiceGuard, createChoiceGuard, oneByOne } from "./choice-guard.ts";
import { FILTERED, type Means, WITHHELD } from "./guard-message.ts";
import type { Delta, DeltaPair } from "./held-calls.ts";

/** A choice in a chunk: the `delta` of chat, or the `text` of the legacy completions. */
type Choice = ChatChunk["choices"][number] & { readonly text?: unknown };
type Head = Pick<ChatChunk, "id" | "object" | "created" | "model">;

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
  const out = createOutput();
  const choices = createChoices(means, out);
  let usage: ChatUsage | null = null;

  async function* guarded(): AsyncGenerator<ChatChunk> {
    try {
      for await (const chunk of source) {
        out.setHead(chunk);
        usage = chunk.usage ?? usage;
        for (const part of chunk.choices) yield* choices.read(part);
        if (choices.isBlocked()) break;
      }
      yield* choices.end();
      const isBlocked = choices.isBlocked();
      if (isBlocked) yield* choices.withhold(means.refusal ? { content: await means.refusal() } : WITHHOLDING);
      if (usage && !isBlocked) out.store({ choices: [], usage });
      const total = usage ?? (isBlocked ? await estimate(out.stored()) : null);
      if (total) yield out.chunkOf({ choices: [], usage: total });
    } finally {
      choices.report();
    }
  }
  return { chunks: guarded(), stored: out.stored };
}

type Body = { readonly choices: readonly object[]; readonly usage?: ChatUsage };
type Ended = { readonly reason: string; readonly stop?: string | undefined };
type Output = ReturnType<typeof createOutput>;

/** The chunks of an answer: as they are stored, and for the caller. */
function createOutput() {
  const collector = createCollector();
  let head: Head = { id: "", object: "chat.completion.chunk", created: 0, model: "" };
  const said = new Set<number>();
  const chunkOf = (body: Body) => ({ ...head, ...body }) as ChatChunk;
  const store = (body: Body) => collector.add(chunkOf(body));
  return {
    setHead({ choices: _, usage: _usage, ...rest }: ChatChunk): void {
      head = { ...(rest as Head), id: rest.id || head.id, model: rest.model || head.model };
    },
    chunkOf,
    store,
    stored: collector.response,
    /** Whether the caller has seen text of a choice. */
    hasSaid: (index: number) => said.has(index),
    /** Stores a piece, and returns the chunk for the caller. */
    emit(index: number, { stored, shown }: DeltaPair): ChatChunk[] {
      const choiceOf = (delta: Delta) => ({ choices: [{ index, delta, finish_reason: null }] });
      store(choiceOf(stored));
      if (shown.content) said.add(index);
      return Object.keys(shown).length === 0 ? [] : [chunkOf(choiceOf(shown))];
    },
    finish(index: number, { reason, stop }: Ended): ChatChunk[] {
      const more = stop === undefined ? {} : { stop_sequence: stop };
      const body = { choices: [{ index, delta: {}, finish_reason: reason, ...more }] };
      store(body);
      return [chunkOf(body)];
    },
  };
}

/** The choices of an answer with their guards. */
function createChoices(means: Means, out: Output) {
  const choices = new Map<number, OpenChoice>();
  const isBlocked = () => [...choices.values()].some(({ guard }) => guard.isBlocked());
  const open = () => [...choices].filter(([, { isFinished }]) => !isFinished);

  function choiceAt(index: number): OpenChoice {
    const existing = choices.get(index);
    if (existing) return existing;
    const created = { guard: createChoiceGuard(means, index), isFinished: false };
    choices.set(index, created);
    return created;
  }
  return {
    isBlocked,
    read: (part: Choice): AsyncGenerator<ChatChunk> => readChoice(part, choiceAt(part.index ?? 0), out),
    /** The rest of a stream that ended early. */
    async *end(): AsyncGenerator<ChatChunk> {
      if (isBlocked()) return;
      for (const [index, choice] of open()) yield* finishChoice(index, choice, out);
    },
    /** For a blocked answer: a refusal in its choice, and the end of every choice. */
    *withhold(refusal: Delta): Generator<ChatChunk> {
      for (const [index, choice] of open()) yield* withholdOne(index, choice, { out, refusal });
    },
    report(): void {
      for (const { guard } of choices.values()) guard.report();
    },
  };
}

function* withholdOne(
  index: number,
  { guard }: OpenChoice,
  { out, refusal }: { readonly out: Output; readonly refusal: Delta },
): Generator<ChatChunk> {
  if (guard.isBlocked()) yield* out.emit(index, refusalPair(refusal, out.hasSaid(index)));
  yield* out.finish(index, { reason: FILTERED });
}

type OpenChoice = { readonly guard: ChoiceGuard; isFinished: boolean };

const emitAll = (out: Output, index: number, pairs: readonly DeltaPair[]): ChatChunk[] =>
  pairs.flatMap((pair) => out.emit(index, pair));

async function* readChoice(part: Choice, choice: OpenChoice, out: Output): AsyncGenerator<ChatChunk> {
  const { index = 0, finish_reason: reason, stop_sequence: stop } = part;
  const { guard } = choice;
  for (const delta of oneByOne(deltaOf(part))) {
    const waiting = guard.ready(delta);
    if (waiting) await waiting;
    yield* emitAll(out, index, guard.read(delta));
  }
  if (!reason || guard.isBlocked()) return;
  yield* finishChoice(index, choice, out);
  if (guard.isBlocked()) return;
  choice.isFinished = true;
  yield* out.finish(index, { reason, stop });
}

async function* finishChoice(index: number, { guard }: OpenChoice, out: Output): AsyncGenerator<ChatChunk> {
  const waiting = guard.ready(null);
  if (waiting) await waiting;
  yield* emitAll(out, index, guard.finish());
}

const WITHHOLDING: Delta = { refusal: WITHHELD };

/** The policy's own text comes after an empty line if a part of the answer was sent. */
function refusalPair(refusal: Delta, hasSaid: boolean): DeltaPair {
  const delta = hasSaid && typeof refusal.content === "string" ? { content: `\n\n${refusal.content}` } : refusal;
  return { stored: delta, shown: delta };
}

const deltaOf = ({ delta, text }: Choice): Delta => (typeof text === "string" ? { content: text } : (delta ?? {}));
