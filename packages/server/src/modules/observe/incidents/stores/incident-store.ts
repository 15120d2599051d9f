import type { IncidentState } from "@treadle/contract";
import { and, desc, eq, gte, ilike, isNull, ne, or, type SQL, sql } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import type { IncidentSource } from "../opening.ts";
import { incidents } from "./schema.ts";

export type IncidentRow = typeof incidents.$inferSelect;
export type IncidentChanges = Partial<Omit<IncidentRow, "id" | "projectId" | "sourceKind" | "sourceId" | "series">>;
export type IncidentListing = {
  readonly limit: number;
  readonly before: readonly [openedAt: string, id: string] | null;
  readonly state?: IncidentState | "unresolved" | undefined;
  readonly severity?: IncidentRow["severity"] | undefined;
  readonly source?: IncidentRow["sourceKind"] | undefined;
  readonly sourceId?: string | undefined;
  /** `none` for incidents without an owner. */
  readonly ownerId?: string | undefined;
  readonly q?: string | undefined;
};
type Source = Pick<IncidentSource, "kind" | "id" | "series">;

export const createIncidentStore = (db: Postgres) => ({ ...createRows(db), ...createLocks(db) });

const own = (projectId: string, incidentId: string) =>
  and(eq(incidents.projectId, projectId), eq(incidents.id, incidentId));

const ofSource = (projectId: string, { kind, id, series }: Source) =>
  and(
    eq(incidents.projectId, projectId),
    eq(incidents.sourceKind, kind),
    eq(incidents.sourceId, id),
    eq(incidents.series, series),
  );

/** Rows that stay locked until the transaction ends. */
const createLocks = (db: Postgres) => ({
  /** Locks the row until the transaction ends. */
  async lock(projectId: string, incidentId: string): Promise<IncidentRow | undefined> {
    const [row] = await db.select().from(incidents).where(own(projectId, incidentId)).for("update");
    return row;
  },

  /** The unresolved incident of a source, locked. */
  async lockUnresolved(projectId: string, source: Source): Promise<IncidentRow | undefined> {
    const [row] = await db
      .select()
      .from(incidents)
      .where(and(ofSource(projectId, source), ne(incidents.state, "resolved")))
      .for("update");
    return row;
  },

  /** The incident of a source that was resolved last, if that was not before the given time. Locked. */
  async lockResolvedSince(projectId: string, source: Source, since: Date): Promise<IncidentRow | undefined> {
    const [row] = await db
      .select()
      .from(incidents)
      .where(and(ofSource(projectId, source), eq(incidents.state, "resolved"), gte(incidents.resolvedAt, since)))
      .orderBy(desc(incidents.resolvedAt))
      .limit(1)
      .for("update");
    return row;
  },
});

const createRows = (db: Postgres) => ({
  /** Newest first. */
  list(projectId: string, { limit, before, ...wanted }: IncidentListing): Promise<IncidentRow[]> {
    const { openedAt, id } = incidents;
    const isBefore = before ? sql`(${openedAt}, ${id}) < (${before[0]}::timestamptz, ${before[1]})` : undefined;
    return db
      .select()
      .from(incidents)
      .where(and(eq(incidents.projectId, projectId), ...conditionsOf(wanted), isBefore))
      .orderBy(desc(openedAt), desc(id))
      .limit(limit);
  },

  async find(projectId: string, incidentId: string): Promise<IncidentRow | undefined> {
    const [row] = await db.select().from(incidents).where(own(projectId, incidentId));
    return row;
  },

  /** False if the source has an unresolved incident by now. */
  async create(row: IncidentRow): Promise<boolean> {
    const created = await db.insert(incidents).values(row).onConflictDoNothing().returning({ id: incidents.id });
    return created.length === 1;
  },

  async update(projectId: string, incidentId: string, changes: IncidentChanges): Promise<IncidentRow | undefined> {
    const [row] = await db.update(incidents).set(changes).where(own(projectId, incidentId)).returning();
    return row;
  },
});

function conditionsOf({ state, severity, source, sourceId, ownerId, q }: Omit<IncidentListing, "limit" | "before">) {
  const pattern = q ? `%${q.replaceAll(/[\\%_]/g, "\\$&")}%` : null;
  const conditions: (SQL | undefined)[] = [
    state === "unresolved" ? ne(incidents.state, "resolved") : state && eq(incidents.state, state),
    severity && eq(incidents.severity, severity),
    source && eq(incidents.sourceKind, source),
    sourceId ? eq(incidents.sourceId, sourceId) : undefined,
    ownerId === "none" ? isNull(incidents.ownerId) : ownerId ? eq(incidents.ownerId, ownerId) : undefined,
    pattern === null
      ? undefined
      : or(ilike(incidents.title, pattern), ilike(incidents.text, pattern), ilike(incidents.sourceName, pattern)),
  ];
  return conditions.filter((one) => one !== undefined);
}
