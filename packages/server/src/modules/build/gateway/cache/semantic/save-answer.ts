import type { Clock } from "../../../../../kernel/clock.ts";
import { DAY_MS } from "../../../../../kernel/day.ts";
import { newId } from "../../../../../kernel/ids.ts";
import type { Postgres } from "../../../../../platform/postgres/port.ts";
import type { ChatResponse } from "../../formats/hub/hub.ts";
import type { Call } from "../../request/read-call.ts";
import { type SentAnswer, toCachedAnswer } from "../cached-call.ts";
import type { SemanticCacheDeps } from "./deps.ts";
import type { EntryStore } from "./entry-store.ts";
import { isReusable, textOfAnswer } from "./is-reusable.ts";
import type { createLoadedEntries } from "./loaded-entries.ts";
import type { Lookup } from "./look-up.ts";
import { createSweepStore } from "./sweep-store.ts";

type Deps = Pick<SemanticCacheDeps, "db" | "clock" | "texts"> & {
  readonly store: Pick<EntryStore, "save">;
  readonly index: ReturnType<typeof createLoadedEntries>;
};

const MAX_ANSWER_BYTES = 256 * 1024;
const MOST_OF_ENDPOINT = 50_000;
const SWEEP_INTERVAL_MS = 10 * 60_000;
const USE_LIFETIME_MS = 30 * DAY_MS;

/** Stores an answer that can be repeated. */
export function createSaver({ db, clock, texts, store, index }: Deps) {
  const sweep = createSweep(db, clock);

  const isStorable = (response: ChatResponse, body: string) =>
    isReusable(response) &&
    body.length <= MAX_ANSWER_BYTES &&
    // PostgreSQL's JSON cannot hold U+0000.
    !body.includes("\\u0000") &&
    !texts.hasPrivate(textOfAnswer(response));

  return async function save(call: Call, { question, endpoint }: Lookup, sent: SentAnswer): Promise<void> {
    const { response } = sent.result;
    const answer = toCachedAnswer(call, sent);
    if (response === null || question.text.includes("\0") || !isStorable(response, answer.body)) return;
    const now = clock.now();
    const expiresAt = new Date(now + endpoint.semanticCache.ttlSeconds * 1_000);
    const { language, vector } = await question.facts();
    const known = { id: newId("sce", now), questionHash: question.hash, question: question.text, language, expiresAt };
    const row = { ...known, vector: [...vector], traceId: call.traceId, spanId: call.spanId };
    const { namespace } = question;
    const place = { projectId: call.scope.projectId, endpointId: endpoint.endpointId, namespace };
    const responseId = toResponseCore(response.id);
    const id = await store.save({ ...row, ...place, answer, responseId, createdAt: new Date(now) });
    index.add(namespace, { ...row, id });
    await sweep();
  };
}

function createSweep(db: Postgres, clock: Clock) {
  const store = createSweepStore(db);
  let sweptAt = clock.now();
  return async (): Promise<void> => {
    const now = clock.now();
    if (now - sweptAt < SWEEP_INTERVAL_MS) return;
    sweptAt = now;
    await store.deleteExpired(new Date(now));
    await store.deleteBeyond(MOST_OF_ENDPOINT);
    await store.deleteUsesBefore(new Date(now - USE_LIFETIME_MS));
  };
}

/** The id of an answer without the prefix of its format: each format writes the same id in its own way. */
export const toResponseCore = (id: string): string => id.replace(/^(?:chatcmpl-|resp_|msg_|gen-)/, "");
