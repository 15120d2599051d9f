import type { Clock } from "../../../../kernel/clock.ts";
import { isRecord } from "../../../../kernel/is-record.ts";
import type { Log } from "../../../../kernel/log.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import type { ChatResponse, Usage } from "../formats/hub/hub.ts";
import { parseJson } from "../formats/hub/json.ts";
import { createCacheStore } from "./cache-store.ts";

/** A stored answer. `body` is the whole answer in the caller's format; `response` is the same in the hub's shape, for a stream. */
export type CachedAnswer = {
  readonly body: string;
  readonly response: ChatResponse | null;
  /** The target that answered, such as `openai/gpt-4o`. */
  readonly name: string;
  readonly embeddingModel: string;
  readonly usage: Usage | null;
};
type Entry = { readonly answer: CachedAnswer; readonly expiresAt: number; readonly bytes: number };

const MAX_MEMORY_BYTES = 64 * 1024 * 1024;
/** A larger answer is not stored: it would evict thousands of others. */
const MAX_ANSWER_BYTES = 4 * 1024 * 1024;
const ENTRY_OVERHEAD_BYTES = 1_024;
const SWEEP_INTERVAL_MS = 10 * 60_000;

type Deps = { readonly db: Postgres; readonly clock: Clock; readonly log: Log };

/** Answers by key: recent ones in memory, all of them in postgres until they expire. If the store fails, calls miss the cache but still run. */
export function createAnswerCache({ db, clock, log }: Deps) {
  const store = createCacheStore(db);
  const entries = new Map<string, Entry>();
  let usedBytes = 0;
  let sweptAt = clock.now();

  function drop(key: string) {
    usedBytes -= entries.get(key)?.bytes ?? 0;
    entries.delete(key);
  }
  function remember(key: string, answer: CachedAnswer, expiresAt: number) {
    const bytes = answer.body.length * 3 + ENTRY_OVERHEAD_BYTES;
    drop(key);
    entries.set(key, { answer, expiresAt, bytes });
    usedBytes += bytes;
    for (const oldest of entries.keys()) {
      if (usedBytes <= MAX_MEMORY_BYTES) break;
      drop(oldest);
    }
  }
  function findInMemory(key: string): CachedAnswer | null {
    const entry = entries.get(key);
    if (!entry) return null;
    entries.delete(key);
    if (entry.expiresAt > clock.now()) entries.set(key, entry);
    else usedBytes -= entry.bytes;
    return entry.expiresAt > clock.now() ? entry.answer : null;
  }
  async function sweep() {
    if (clock.now() - sweptAt < SWEEP_INTERVAL_MS) return;
    sweptAt = clock.now();
    await store.deleteExpired(new Date(clock.now()));
  }

  return {
    findInMemory,

    /** Finds an answer in postgres and stores it in memory. */
    async find(projectId: string, key: string): Promise<CachedAnswer | null> {
      try {
        const row = await store.find(projectId, key, new Date(clock.now()));
        const answer = row ? toAnswer(row.answer) : null;
        if (row && answer) remember(key, answer, row.expiresAt.getTime());
        return answer;
      } catch (error) {
        log.warn({ error }, "the answer cache could not be read");
        return null;
      }
    },

    async save(
      projectId: string,
      key: string,
      { answer, ttlSeconds }: { answer: CachedAnswer; ttlSeconds: number },
    ): Promise<void> {
      if (answer.body.length > MAX_ANSWER_BYTES) return;
      const now = clock.now();
      const expiresAt = now + ttlSeconds * 1_000;
      remember(key, answer, expiresAt);
      // PostgreSQL's JSON cannot hold U+0000, so such an answer is in memory only.
      if (answer.body.includes("\\u0000")) return;
      try {
        await store.save({ keyHash: key, projectId, answer, createdAt: new Date(now), expiresAt: new Date(expiresAt) });
        await sweep();
      } catch (error) {
        log.warn({ error }, "an answer could not be stored in the cache");
      }
    },
  };
}
export type AnswerCache = ReturnType<typeof createAnswerCache>;

/** Null for an answer in the shape of an older version. */
export function toAnswer(value: unknown): CachedAnswer | null {
  const isAnswer =
    isRecord(value) &&
    typeof value.body === "string" &&
    typeof value.name === "string" &&
    isRecord(parseJson(value.body)) &&
    (value.response === null || isRecord(value.response));
  return isAnswer ? (value as CachedAnswer) : null;
}
