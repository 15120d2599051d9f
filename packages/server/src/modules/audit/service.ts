import type { AuditEntry } from "@treadle/contract";
import type { Clock } from "../../kernel/clock.ts";
import { newId } from "../../kernel/ids.ts";
import { fromTimeCursor, toPage } from "../../kernel/pages.ts";
import type { Scope } from "../../kernel/scope.ts";
import type { Postgres } from "../../platform/postgres/port.ts";
import { createAuditStore } from "./store.ts";

/** What was done: a thing and a verb (`connection.update`), to what, and what a reader wants to know. Never a secret. */
type AuditEvent = {
  readonly action: string;
  readonly target: string;
  readonly details?: Readonly<Record<string, unknown>>;
};

/** Who changed what. An entry is written in the transaction of the change itself, so neither is there without the other. */
export function createAudit({ db, clock }: { db: Postgres; clock: Clock }) {
  return {
    async record(scope: Scope, { action, target, details = {} }: AuditEvent, tx: Postgres = db): Promise<void> {
      const now = clock.now();
      const { projectId, actor } = scope;
      await createAuditStore(tx).save({
        id: newId("audit", now),
        projectId,
        createdAt: new Date(now),
        actor,
        action,
        target,
        details,
      });
    },

    async list(scope: Scope, page: { limit: number; cursor?: string }) {
      const after = page.cursor === undefined ? null : fromTimeCursor(page.cursor);
      const rows = await createAuditStore(db).list(scope.projectId, { limit: page.limit + 1, after });
      return toPage<AuditEntry>(rows, page.limit, ({ createdAt, id }) => [createdAt, id]);
    },
  };
}
export type Audit = ReturnType<typeof createAudit>;
