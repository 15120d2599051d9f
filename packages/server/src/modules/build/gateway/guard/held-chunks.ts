import { chunksOf } from "../formats/hub/chunks.ts";
import { createCollector } from "../formats/hub/collect-chunks.ts";
import type { ChatChunk, ChatResponse } from "../formats/hub/hub.ts";
import type { GuardedChunks } from "./guard-chunks.ts";
import type { GuardedResponse } from "./guard-message.ts";

type Judges = {
  /** Judges the whole answer. */
  readonly whole: (response: ChatResponse) => Promise<GuardedResponse>;
  /** Judges what has arrived of an answer that broke off. */
  readonly part: (response: ChatResponse) => Promise<GuardedResponse>;
};

/** A stream of which nothing is sent before all of it is judged. */
export function heldChunks(source: AsyncIterable<ChatChunk>, { whole, part }: Judges): GuardedChunks {
  const collector = createCollector();
  let stored: ChatResponse = collector.response();

  async function collect(): Promise<ChatResponse> {
    try {
      for await (const chunk of source) collector.add(chunk);
      if (!collector.isFinished()) throw new Error("The provider's stream ended before the answer was complete.");
      return collector.response();
    } catch (error) {
      stored = (await part(collector.response())).stored;
      throw error;
    }
  }
  async function* held(): AsyncGenerator<ChatChunk> {
    const guarded = await whole(await collect());
    stored = guarded.stored;
    yield* chunksOf(guarded.shown);
  }
  return { chunks: held(), stored: () => stored };
}
