import { notFound } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { createSetStore, type SetRow } from "../stores/set-store.ts";

/** Throws `not_found`, also for a set of another project. */
export async function findSet(db: Postgres, scope: Scope, setId: string): Promise<SetRow> {
  const row = await createSetStore(db).find(scope.projectId, setId);
  if (!row) throw notFound("question set", setId);
  return row;
}

/** The same, and locks it until the transaction ends. */
export async function lockSet(tx: Postgres, scope: Scope, setId: string): Promise<SetRow> {
  const row = await createSetStore(tx).lock(scope.projectId, setId);
  if (!row) throw notFound("question set", setId);
  return row;
}
