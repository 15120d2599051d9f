import { SEVERITIES, type Severity } from "@treadle/contract";
import { newId } from "../../../kernel/ids.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { Postgres } from "../../../platform/postgres/port.ts";
import type { IncidentsDeps } from "./deps.ts";
import type { IncidentNotes, IncidentOpening, IncidentSink } from "./opening.ts";
import { beginSnapshot } from "./snapshots.ts";
import { createIncidentStore, type IncidentRow } from "./stores/incident-store.ts";
import { recordStep, reopened } from "./transitions.ts";

type Deps = Pick<IncidentsDeps, "announce" | "jobs">;
type Opening = { readonly scope: Scope; readonly opening: IncidentOpening };
const SYSTEM = "system";

/** Opens and resolves incidents for monitors, probes and live rules, in their transactions. */
export function createSink(deps: Deps): IncidentSink & IncidentNotes {
  async function open(tx: Postgres, scope: Scope, opening: IncidentOpening): Promise<string> {
    const store = createIncidentStore(tx);
    const { projectId } = scope;
    const unresolved = await store.lockUnresolved(projectId, opening.source);
    if (unresolved) return raise(deps, tx, { scope, opening, row: unresolved });
    const since = new Date(opening.at.getTime() - opening.reopenWithinMs);
    const resolved = await store.lockResolvedSince(projectId, opening.source, since);
    if (resolved) return reopen(deps, tx, { scope, opening, row: resolved });
    const row = newIncident(scope, opening);
    // Another transaction may have opened it since: then this one counts as a second opening.
    if (!(await store.create(row))) return open(tx, scope, opening);
    await begin(deps, tx, { scope, row, at: opening.at });
    return row.id;
  }
  return {
    open,
    note: createNoting(deps),
    async recover(tx, scope, { source, at, text, isMuted }) {
      const store = createIncidentStore(tx);
      const row = await store.lockUnresolved(scope.projectId, source);
      if (!row) return;
      const changes = { state: "resolved", resolvedAt: at, updatedAt: at, isMuted } as const;
      const updated = (await store.update(scope.projectId, row.id, changes)) ?? row;
      const step = { kind: "resolved", text, actor: SYSTEM, at, notice: "resolved" } as const;
      await recordStep(deps, tx, { scope, row: updated, step });
    },
  };
}

const createNoting =
  (deps: Deps): IncidentNotes["note"] =>
  async (tx, scope, { source, at, text, path }) => {
    const row = await createIncidentStore(tx).lockUnresolved(scope.projectId, source);
    const step = { kind: "evidence", text, actor: SYSTEM, at, path } as const;
    if (row) await recordStep(deps, tx, { scope, row, step });
  };

/** Who opened an incident by hand. */
type Person = { readonly actor: string; readonly by: string };

/** The first step of an incident, and the job of its evidence. */
export async function begin(
  deps: Deps,
  tx: Postgres,
  { scope, row, at, person }: { scope: Scope; row: IncidentRow; at: Date; person?: Person },
): Promise<void> {
  const step = { kind: "opened", text: row.text, actor: SYSTEM, at, notice: "opened", ...person } as const;
  await recordStep(deps, tx, { scope, row, step });
  await beginSnapshot(deps, tx, { scope, row, to: at, at });
}

export const isHigher = (one: Severity, other: Severity): boolean =>
  SEVERITIES.indexOf(one) > SEVERITIES.indexOf(other);

/** A second opening of an unresolved incident: it can only raise the severity. */
async function raise(deps: Deps, tx: Postgres, { scope, opening, row }: Opening & { row: IncidentRow }) {
  if (!isHigher(opening.severity, row.severity)) return row.id;
  const { severity, text, facts, isMuted, at } = opening;
  const changes = { severity, text, facts: [...facts], isMuted, updatedAt: at };
  const updated = (await createIncidentStore(tx).update(scope.projectId, row.id, changes)) ?? row;
  const told = `The severity rose from ${row.severity} to ${severity}. ${text}`.trim();
  const step = { kind: "escalated", text: told, actor: SYSTEM, at, notice: "escalated" } as const;
  await recordStep(deps, tx, { scope, row: updated, step });
  return row.id;
}

/** The same problem within a short time is the same incident. Its evidence is collected again. */
async function reopen(deps: Deps, tx: Postgres, { scope, opening, row }: Opening & { row: IncidentRow }) {
  const { text, facts, isMuted, at } = opening;
  const severity = isHigher(opening.severity, row.severity) ? opening.severity : row.severity;
  const changes = { ...reopened(row, at), severity, text, facts: [...facts], isMuted };
  const updated = (await createIncidentStore(tx).update(scope.projectId, row.id, changes)) ?? row;
  const step = { kind: "reopened", text, actor: SYSTEM, at, notice: "reopened" } as const;
  await recordStep(deps, tx, { scope, row: updated, step });
  await beginSnapshot(deps, tx, { scope, row: { ...updated, from: opening.from }, to: at, at });
  return row.id;
}

const newIncident = (
  { projectId }: Scope,
  { source, facts, at, reopenWithinMs: _, ...opening }: IncidentOpening,
): IncidentRow => ({
  id: newId("inc", at.getTime()),
  projectId,
  sourceKind: source.kind,
  sourceId: source.id,
  sourceName: source.name,
  series: source.series,
  state: "open",
  ...opening,
  facts: [...facts],
  ownerId: null,
  openedAt: at,
  acknowledgedAt: null,
  resolvedAt: null,
  reopenings: 0,
  updatedAt: at,
});
