import type { AnnotationQuestion, AnnotationQueue } from "@treadle/contract";
import { notFound } from "../../../../kernel/errors.ts";
import { fromTimeCursor, toPage } from "../../../../kernel/pages.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { createAnnotatorStore } from "../stores/annotator-store.ts";
import { createQueueStore, createVersionStore, type QueueRow } from "../stores/queue-store.ts";
import type { AnnotationDeps } from "./deps.ts";
import { toQueue } from "./present-queue.ts";
import { createQueueVersions } from "./queue-versions.ts";
import { createTallies } from "./tally-queues.ts";
import { createQueueWrites } from "./write-queues.ts";

type Deps = Pick<AnnotationDeps, "db" | "audit" | "clock" | "namesOf">;
type Listing = { limit: number; cursor?: string | undefined; search: string; assigned: "me" | "any" };

const MOST_KNOWN = 500;

/** Queues with their guidelines and questions. */
export function createQueues(deps: Deps) {
  const { db, namesOf } = deps;
  const store = createQueueStore(db);
  const versions = createVersionStore(db);
  const tally = createTallies(deps);
  const known = new Map<string, readonly AnnotationQuestion[]>();

  /** Throws `not_found`. */
  async function find(scope: Scope, queueId: string, tx: Postgres = db): Promise<QueueRow> {
    const row = await createQueueStore(tx).find(scope.projectId, queueId);
    if (!row) throw notFound("annotation queue", queueId);
    return row;
  }

  /** The current questions. A version never changes, so it is cached. */
  async function questionsOf(
    { id, questionsVersion }: QueueRow,
    tx: Postgres = db,
  ): Promise<readonly AnnotationQuestion[]> {
    const key = `${id} ${questionsVersion}`;
    const cached = known.get(key);
    if (cached) return cached;
    const questions = (await createVersionStore(tx).findQuestions(id, questionsVersion))?.questions ?? [];
    if (known.size >= MOST_KNOWN) known.clear();
    if (questions.length > 0) known.set(key, questions);
    return questions;
  }

  async function describe(scope: Scope, rows: readonly QueueRow[]): Promise<AnnotationQueue[]> {
    if (rows.length === 0) return [];
    const ids = rows.map(({ id }) => id);
    const counts = await tally(ids);
    const submitted = await createAnnotatorStore(db).submittedBy(scope.actor, ids);
    const names = await namesOf(
      scope.projectId,
      rows.map(({ createdBy }) => createdBy),
    );
    const described: AnnotationQueue[] = [];
    for (const row of rows) {
      const guideline = await versions.findGuideline(row.id, row.guidelineVersion);
      const questions = await versions.findQuestions(row.id, row.questionsVersion);
      // The queue was deleted meanwhile.
      if (!guideline || !questions) continue;
      const own = { counts: counts.get(row.id) ?? [], submitted: submitted.get(row.id) ?? 0 };
      described.push(toQueue(row, { scope, names, guideline, questions, ...own }));
    }
    return described;
  }
  async function describeOne(scope: Scope, row: QueueRow): Promise<AnnotationQueue> {
    const [queue] = await describe(scope, [row]);
    if (!queue) throw notFound("annotation queue", row.id);
    return queue;
  }

  return {
    find,
    questionsOf,
    tally,
    ...createQueueWrites(deps, { find, describe: describeOne }),
    ...createQueueVersions(deps, find),

    async list(scope: Scope, { limit, cursor, search, assigned }: Listing) {
      const before = cursor === undefined ? null : fromTimeCursor(cursor);
      const annotator = assigned === "me" ? scope.actor : null;
      const rows = await store.list(scope.projectId, { search, annotator, limit: limit + 1, before });
      const page = toPage(rows, limit, ({ createdAt, id }) => [createdAt.toISOString(), id]);
      return { ...page, items: await describe(scope, page.items) };
    },

    async get(scope: Scope, queueId: string): Promise<AnnotationQueue> {
      return describeOne(scope, await find(scope, queueId));
    },
  };
}
export type Queues = ReturnType<typeof createQueues>;
