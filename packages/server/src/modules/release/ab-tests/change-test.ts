import type { AbTestEvent, AbTestReport, AbTestState } from "@treadle/contract";
import { AppError, notFound } from "../../../kernel/errors.ts";
import { newId } from "../../../kernel/ids.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { Postgres } from "../../../platform/postgres/port.ts";
import type { AbTestDeps } from "./deps.ts";
import { type AbTestChanges, type AbTestRow, createAbTestStore } from "./stores/ab-test-store.ts";

export type Change = {
  readonly kind: AbTestEvent["kind"];
  /** The states in which it is possible, and how a person calls it. */
  readonly from: readonly AbTestState[];
  readonly verb: string;
  readonly message: string;
  readonly changes: AbTestChanges;
  readonly report: AbTestReport | null;
  /** What it does to the endpoint. */
  readonly route?: (tx: Postgres) => Promise<void>;
};
type Deps = Pick<AbTestDeps, "db" | "audit" | "clock" | "endpoints">;

/** Changes a test: its row, its event, the endpoint's traffic and the audit entry are stored together or not at all. */
export const createChange = (deps: Deps) =>
  async function apply(scope: Scope, id: string, change: Change): Promise<AbTestRow> {
    const updated = await deps.db.transaction((tx) => write(deps, tx, { scope, id, change }));
    if (change.route) deps.endpoints.forget(scope.projectId);
    return updated;
  };
export type ApplyChange = ReturnType<typeof createChange>;

type Writing = { readonly scope: Scope; readonly id: string; readonly change: Change };

async function write(deps: Deps, tx: Postgres, { scope, id, change }: Writing): Promise<AbTestRow> {
  const store = createAbTestStore(tx);
  const current = await store.lock(scope.projectId, id);
  if (!current) throw notFound("A/B test", id);
  refuseUnless(current, change);
  await change.route?.(tx);
  const row = await store.update(scope.projectId, id, { ...change.changes, updatedAt: new Date(deps.clock.now()) });
  if (!row) throw notFound("A/B test", id);
  await note(deps, tx, { scope, row, change });
  return row;
}

type Note = {
  readonly scope: Scope;
  readonly row: AbTestRow;
  readonly change: Pick<Change, "kind" | "message" | "report">;
};

/** Stores the event and the audit entry. */
export async function note(
  { audit, clock }: Pick<Deps, "audit" | "clock">,
  tx: Postgres,
  { scope, row, change }: Note,
) {
  const { kind, message, report } = change;
  const now = clock.now();
  const event = { id: newId("abev", now), abTestId: row.id, at: new Date(now), kind, message, report, shares: null };
  await createAbTestStore(tx).addEvent({ ...event, actor: scope.actor });
  const { endpoint, plan, winner } = row;
  const details = { endpoint, ...plan, winner, message, report };
  await audit.record(scope, { action: `ab-test.${kind}`, target: row.id, details }, tx);
}

export function refuseUnless({ state, id }: AbTestRow, { from, verb }: Pick<Change, "from" | "verb">): void {
  if (from.includes(state)) return;
  throw new AppError("conflict", {
    message: `You cannot ${verb} an A/B test that is ${state}. It must be ${from.map((one) => (one === "draft" ? "a draft" : one)).join(" or ")}.`,
    details: { abTestId: id, state },
  });
}
