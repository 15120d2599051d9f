import { type AnnotationAnswerInput, AnnotationQueueInput, CustomItem, type LeasedItem } from "@treadle/contract";
import { sql } from "drizzle-orm";
import type { z } from "zod";
import type { Clock } from "../../../../kernel/clock.ts";
import { newId } from "../../../../kernel/ids.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import { openPostgres } from "../../../../platform/postgres/open.ts";
import type { PostgresStore } from "../../../../platform/postgres/port.ts";
import { openTestPostgres } from "../../../../platform/postgres/testing/open-test-postgres.ts";
import { startPostgresServer } from "../../../../platform/postgres/testing/start-postgres-server.ts";
import { createAudit } from "../../../system/audit/index.ts";
import type { AnnotationDeps } from "../queues/deps.ts";
import { createAnnotation } from "../service.ts";

type Engine = { readonly name: string; open(): Promise<PostgresStore> };
type QueueIn = Partial<z.input<typeof AnnotationQueueInput>>;
type ItemIn = Partial<z.input<typeof CustomItem>>;

/** The databases that contain queues, and a function that closes them. */
export async function startEngines(): Promise<{ engines: Engine[]; stop(): Promise<void> }> {
  const server = await startPostgresServer();
  const engines: Engine[] = [{ name: "PGlite", open: openTestPostgres }];
  if (server) {
    const url = await server.createDatabase();
    engines.push({ name: "PostgreSQL", open: () => openPostgres({ url, folder: null }) });
  }
  return { engines, stop: async () => server?.stop() };
}

const START = Date.parse("2026-11-26T12:00:00Z");
const absent = (what: string) => () => {
  throw new Error(`this test has no ${what}`);
};

/** Stand-ins for what annotation uses of other modules. */
const STAND_INS: Omit<AnnotationDeps, "db" | "clock" | "audit" | "random"> = {
  columnar: { select: absent("columnar store") },
  jobs: { register() {}, send: async () => "job_1" },
  traces: { picked: { pick: absent("spans"), count: absent("spans"), read: absent("spans") } } as never,
  datasets: { openVersion: absent("datasets"), readItems: absent("datasets"), findItems: absent("datasets") },
  runs: { get: absent("runs"), listItems: absent("runs") } as never,
  findings: {
    listExamples: absent("findings"),
    addLabel: absent("labels of findings"),
    withdrawLabel: absent("labels of findings"),
  },
  ask: absent("statistics"),
  embed: absent("embedding model"),
  namesOf: async (_projectId, actors) => new Map(actors.map((actor) => [actor, `Name of ${actor}`])),
};

/** Annotation over a real database, with a clock that stands until it is moved, and chance that a test can set. */
export async function openAnnotation(store: PostgresStore, more: Partial<AnnotationDeps> = {}) {
  const projectId = newId("proj");
  await store.db.execute(sql`INSERT INTO projects VALUES (${projectId}, 'Project', false, now())`);
  let now = START;
  let chance: () => number = Math.random;
  const clock: Clock = { now: () => now, elapsed: () => now };
  const shared = { db: store.db, clock, audit: createAudit({ db: store.db, clock }), random: () => chance() };
  const annotation = createAnnotation({ ...shared, ...STAND_INS, ...more });

  /** A person who can annotate. An admin can also review. */
  const person = (actor: string, { isAdmin = false } = {}): Scope => ({
    projectId,
    actor,
    userId: actor,
    permissions: new Set(["annotation:read", "annotation:write", ...(isAdmin ? (["members:write"] as const) : [])]),
  });
  const admin = person("user_admin", { isAdmin: true });
  const next = async (scope: Scope, queueId: string, { count = 1, holding = [] as string[] } = {}) =>
    (await annotation.leases.next(scope, queueId, { count, holding })).items;
  let queues = 0;
  let answers = 0;

  return {
    annotation,
    person,
    admin,
    projectId,
    clock,
    pass(ms: number) {
      now += ms;
    },
    setChance(next: () => number) {
      chance = next;
    },
    makeQueue: (input: QueueIn = {}) =>
      annotation.queues.create(
        admin,
        AnnotationQueueInput.parse({
          name: `Queue ${++queues}`,
          goldRate: 0,
          questions: [{ type: "binary", key: "good", title: "Is it good?" }],
          ...input,
        }),
      ),
    addItems: (queueId: string, items: readonly ItemIn[], { priority = 0 } = {}) =>
      annotation.adding.add(admin, queueId, {
        from: "custom",
        priority,
        reason: "",
        items: items.map((item, at) =>
          CustomItem.parse({ key: `item-${at}`, content: textContent(`Text ${at}`), ...item }),
        ),
      }),
    next,
    /** The next item of a queue. Throws if there is none. */
    async leaseOf(...order: Parameters<typeof next>): Promise<LeasedItem> {
      const [item] = await next(...order);
      if (!item) throw new Error("the queue has no item for this person");
      return item;
    },
    answer: (scope: Scope, leaseId: string, input: Partial<AnnotationAnswerInput> = {}) =>
      annotation.answer(scope, leaseId, {
        clientId: `answer-${++answers}-xxxx`,
        status: "submitted",
        answers: { good: true },
        comment: "",
        msActive: 1_000,
        clientVersion: "",
        ...input,
      }),
  };
}
export type AnnotationWorld = Awaited<ReturnType<typeof openAnnotation>>;

export const textContent = (value: string): z.input<typeof CustomItem>["content"] => ({
  fields: [{ key: "output", value }],
});

/** Two answers side by side. */
export const pairContent = (): z.input<typeof CustomItem>["content"] => ({
  fields: [{ key: "input", value: "Which?" }],
  candidates: [
    { id: "run_a", fields: [{ key: "output", value: "From A" }] },
    { id: "run_b", fields: [{ key: "output", value: "From B" }] },
  ],
});
