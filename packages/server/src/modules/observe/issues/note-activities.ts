import { newId } from "../../../kernel/ids.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { Postgres } from "../../../platform/postgres/port.ts";
import { type ActivityRow, createActivityStore } from "./stores/activity-store.ts";
import type { IssuesDeps } from "./stores/deps.ts";

export type Entry = Pick<ActivityRow, "issueId" | "action" | "from" | "to"> &
  Partial<Pick<ActivityRow, "fingerprints" | "otherIssueId">>;

/** Stores activities of the caller, each with an audit entry. */
export const createNoting = ({ audit, clock }: Pick<IssuesDeps, "audit" | "clock">) =>
  async function note(tx: Postgres, scope: Scope, entries: readonly Entry[]): Promise<void> {
    const at = new Date(clock.now());
    const rows = entries.map((entry) => ({
      fingerprints: [],
      otherIssueId: null,
      ...entry,
      id: newId("iact"),
      projectId: scope.projectId,
      actor: scope.actor,
      at,
      isUndone: false,
    }));
    await createActivityStore(tx).add(rows);
    for (const { issueId, action, to } of entries)
      await audit.record(scope, { action: `issue.${action}`, target: issueId, details: { to } }, tx);
  };
