import type { Clock } from "../../kernel/clock.ts";
import type { Log } from "../../kernel/log.ts";
import type { Postgres } from "../../platform/postgres/port.ts";
import { createCacheStore } from "./cache-store.ts";
import type { ChatResponse, Usage } from "./providers/provider.ts";
import { isRecord, parseJson } from "./wires/json.ts";

/** An answer that was given before. `body` is whole, in the caller's shape; `response` is the same in the hub's, for those who ask for a stream. */
export type CachedAnswer = {
  readonly body: string;
  readonly response: ChatResponse | null;
  /** Who gave it, such as `openai/gpt-4o`. */
  readonly name: string;
  readonly embeddingModel: string;
  readonly usage: Usage | null;
};
type Entry = { readonly answer: CachedAnswer; readonly expiresAt: number; readonly bytes: number };

const MEMORY_BYTES = 64 * 1024 * 1024;
/** A larger answer is not kept: it would push out thousands of others. */
const LARGEST_BYTES = 4 * 1024 * 1024;
const ENTRY_OVERHEAD_BYTES = 1_024;
const SWEEP_EVERY_MS = 10 * 60_000;

type Deps = { readonly db: Postgres; readonly clock: Clock; readonly log: Log };

/** Answers by key: the lately used ones in memory, all of them in postgres until they expire. A store that fails costs hits, never a call. */
export function createAnswerCache({ db, clock, log }: Deps) {
  const store = createCacheStore(db);
  const entries = new Map<string, Entry>();
  let usedBytes = 0;
  let sweptAt = clock.now();

  function drop(key: string) {
    usedBytes -= entries.get(key)?.bytes ?? 0;
    entries.delete(key);
  }
  function keep(key: string, answer: CachedAnswer, expiresAt: number) {
    const bytes = answer.body.length * 3 + ENTRY_OVERHEAD_BYTES;
    drop(key);
    entries.set(key, { answer, expiresAt, bytes });
    usedBytes += bytes;
    for (const oldest of entries.keys()) {
      if (usedBytes <= MEMORY_BYTES) break;
      drop(oldest);
    }
  }
  function remembered(key: string): CachedAnswer | null {
    const entry = entries.get(key);
    if (!entry) return null;
    entries.delete(key);
    if (entry.expiresAt > clock.now()) entries.set(key, entry);
    else usedBytes -= entry.bytes;
    return entry.expiresAt > clock.now() ? entry.answer : null;
  }
  async function sweep() {
    if (clock.now() - sweptAt < SWEEP_EVERY_MS) return;
    sweptAt = clock.now();
    await store.deleteExpired(new Date(clock.now()));
  }

  return {
    remembered,

    /** From postgres, for what this process has not seen lately. */
    async find(projectId: string, key: string): Promise<CachedAnswer | null> {
      try {
        const found = await store.find(projectId, key, new Date(clock.now()));
        const answer = found ? toAnswer(found.answer) : null;
        if (found && answer) keep(key, answer, found.expiresAt.getTime());
        return answer;
      } catch (error) {
        log.warn({ error }, "the cache of answers cannot be read");
        return null;
      }
    },

    async save(
      projectId: string,
      key: string,
      { answer, ttlSeconds }: { answer: CachedAnswer; ttlSeconds: number },
    ): Promise<void> {
      if (answer.body.length > LARGEST_BYTES) return;
      const now = clock.now();
      const expiresAt = now + ttlSeconds * 1_000;
      keep(key, answer, expiresAt);
      // PostgreSQL's JSON has no U+0000; such an answer lives in memory only.
      if (answer.body.includes("\\u0000")) return;
      try {
        await store.save({ keyHash: key, projectId, answer, createdAt: new Date(now), expiresAt: new Date(expiresAt) });
        await sweep();
      } catch (error) {
        log.warn({ error }, "an answer could not be kept in the cache");
      }
    },
  };
}
export type AnswerCache = ReturnType<typeof createAnswerCache>;

/** What an older version kept may have another shape; then it is not used. */
function toAnswer(value: unknown): CachedAnswer | null {
  const isAnswer =
    isRecord(value) &&
    typeof value.body === "string" &&
    typeof value.name === "string" &&
    isRecord(parseJson(value.body)) &&
    (value.response === null || isRecord(value.response));
  return isAnswer ? (value as CachedAnswer) : null;
}
