import type { AuditEntry } from "@treadle/contract";
import type { Clock } from "../../../kernel/clock.ts";
import { newId } from "../../../kernel/ids.ts";
import { fromTimeCursor, toPage } from "../../../kernel/pages.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { Postgres } from "../../../platform/postgres/port.ts";
import { type AuditKind, type AuditRange, createAuditStore } from "./store.ts";

/** The action: an object and a verb (`connection.update`), its target, and details for the reader. Never a secret. */
type AuditEvent = {
  readonly action: string;
  readonly target: string;
  readonly details?: Readonly<Record<string, unknown>>;
};

type AuditPage = { readonly limit: number; readonly cursor?: string; readonly kind?: AuditKind };
export type AuditDeps = { readonly db: Postgres; readonly clock: Clock };

/** The audit log. An entry is written in the transaction of the change itself, so neither exists without the other. */
export function createAudit({ db, clock }: AuditDeps) {
  return {
    async record(scope: Scope, { action, target, details = {} }: AuditEvent, tx: Postgres = db): Promise<void> {
      const now = clock.now();
      const { projectId, actor } = scope;
      const entry = { id: newId("audit", now), projectId, createdAt: new Date(now), actor, action, target, details };
      await createAuditStore(tx).save(entry);
    },

    /** The actors of an action by its targets. Targets without an entry are left out. */
    async actorsOf(projectId: string, action: string, targets: readonly string[]): Promise<Map<string, string>> {
      const entries = await createAuditStore(db).listActors(projectId, action, targets);
      return new Map(entries.map(({ target, actor }) => [target, actor]));
    },

    /** The newest entries of a time range whose action begins with one of the words, such as `rollout.`. */
    listBetween: (projectId: string, range: AuditRange): Promise<AuditEntry[]> =>
      createAuditStore(db).listBetween(projectId, range),

    async list(scope: Scope, page: AuditPage) {
      const after = page.cursor === undefined ? null : fromTimeCursor(page.cursor);
      const rows = await createAuditStore(db).list(scope.projectId, {
        limit: page.limit + 1,
        after,
        kind: page.kind ?? "any",
      });
      return toPage<AuditEntry>(rows, page.limit, ({ createdAt, auditEntryId }) => [createdAt, auditEntryId]);
    },
  };
}
export type Audit = ReturnType<typeof createAudit>;
