import type { ISSUE_ORDERS, IssueKind, IssueState } from "@treadle/contract";
import { and, asc, count, desc, eq, inArray, isNull, type SQL, sql } from "drizzle-orm";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { issueFingerprints, issues, issueValues } from "./schema.ts";

export type IssueRow = typeof issues.$inferSelect;
export type IssueChanges = Partial<Omit<IssueRow, "id" | "projectId">>;
export type IssueQuery = {
  readonly state?: IssueState | undefined;
  readonly isOpen?: boolean | undefined;
  readonly kind?: IssueKind | undefined;
  readonly assigneeId?: string | undefined;
  readonly release?: string | undefined;
  readonly q?: string | undefined;
  readonly order: (typeof ISSUE_ORDERS)[number];
  readonly direction: "asc" | "desc";
  readonly limit: number;
  readonly after: readonly [string | number, string] | null;
};

const OPEN = ["new", "acknowledged", "regressed"] as const;
const ORDER_COLUMNS = {
  lastSeen: issues.lastSeenAt,
  firstSeen: issues.firstSeenAt,
  occurrences: issues.occurrences,
  users: issues.users,
} as const;

export const isTimeOrder = (order: IssueQuery["order"]) => order === "lastSeen" || order === "firstSeen";

/** The value that a page is sorted by. */
export const sortValueOf = (row: IssueRow, order: IssueQuery["order"]): string | number =>
  ({
    lastSeen: row.lastSeenAt.toISOString(),
    firstSeen: row.firstSeenAt.toISOString(),
    occurrences: row.occurrences,
    users: row.users,
  })[order];

const own = (projectId: string, issueId: string) => and(eq(issues.projectId, projectId), eq(issues.id, issueId));

function conditions(projectId: string, query: IssueQuery): SQL | undefined {
  const { state, isOpen, kind, assigneeId, release, q, after, order, direction } = query;
  const column = ORDER_COLUMNS[order];
  const bound = after && (isTimeOrder(order) ? sql`${after[0]}::timestamptz` : sql`${after[0]}::bigint`);
  const isAfter = direction === "asc" ? sql`>` : sql`<`;
  return and(
    eq(issues.projectId, projectId),
    isNull(issues.mergedInto),
    state && eq(issues.state, state),
    isOpen === undefined ? undefined : isOpen ? inArray(issues.state, [...OPEN]) : undefined,
    kind && eq(issues.kind, kind),
    assigneeId === undefined ? undefined : eq(issues.assigneeId, assigneeId),
    release === undefined ? undefined : seenIn(projectId, release),
    q === undefined || q.trim() === "" ? undefined : sql`position(lower(${q.trim()}) in lower(${issues.title})) > 0`,
    after && bound ? sql`(${column}, ${issues.id}) ${isAfter} (${bound}, ${after[1]})` : undefined,
  );
}

export const createIssueStore = (db: Postgres) => ({
  ...createListOfIssueStore(db),
  ...createFindManyOfIssueStore(db),
  ...createRecountOfIssueStore(db),
});

const createListOfIssueStore = (db: Postgres) => ({
  list(projectId: string, query: IssueQuery): Promise<IssueRow[]> {
    const by = query.direction === "asc" ? asc : desc;
    return db
      .select()
      .from(issues)
      .where(conditions(projectId, query))
      .orderBy(by(ORDER_COLUMNS[query.order]), by(issues.id))
      .limit(query.limit);
  },

  async countByState(projectId: string): Promise<ReadonlyMap<IssueState, number>> {
    const rows = await db
      .select({ state: issues.state, count: count() })
      .from(issues)
      .where(and(eq(issues.projectId, projectId), isNull(issues.mergedInto)))
      .groupBy(issues.state);
    return new Map(rows.map((row) => [row.state, row.count]));
  },

  async find(projectId: string, issueId: string): Promise<IssueRow | undefined> {
    const [row] = await db.select().from(issues).where(own(projectId, issueId));
    return row;
  },
});

const createFindManyOfIssueStore = (db: Postgres) => ({
  async findMany(projectId: string, ids: readonly string[]): Promise<IssueRow[]> {
    if (ids.length === 0) return [];
    return db
      .select()
      .from(issues)
      .where(and(eq(issues.projectId, projectId), inArray(issues.id, [...ids])));
  },

  async create(rows: readonly IssueRow[]): Promise<void> {
    if (rows.length > 0) await db.insert(issues).values([...rows]);
  },

  async update(projectId: string, issueId: string, changes: IssueChanges): Promise<IssueRow | undefined> {
    const [row] = await db.update(issues).set(changes).where(own(projectId, issueId)).returning();
    return row;
  },
});

const createRecountOfIssueStore = (db: Postgres) => ({
  /**
   * Sums of an issue's fingerprints, for sorting. An issue without any is unchanged. Values are read by fingerprint: a join by issue
   * reads all values of the project for each issue if the tables have no statistics.
   */
  async recount(projectId: string, issueIds: readonly string[]): Promise<void> {
    if (issueIds.length === 0) return;
    const ids = sql.join(
      issueIds.map((id) => sql`${id}`),
      sql`, `,
    );
    await db.execute(sql`
        UPDATE issues SET occurrences = s.occurrences, fingerprint_count = s.fingerprints, first_seen_at = s.first_at, last_seen_at = s.last_at,
          users = s.users, sessions = s.sessions
        FROM (
          SELECT f.issue_id, (sum(f.occurrences) FILTER (WHERE v.kind IS NULL))::bigint AS occurrences,
            (count(*) FILTER (WHERE v.kind IS NULL))::int AS fingerprints, min(f.first_seen_at) AS first_at, max(f.last_seen_at) AS last_at,
            (count(DISTINCT v.value) FILTER (WHERE v.kind = 'user'))::int AS users,
            (count(DISTINCT v.value) FILTER (WHERE v.kind = 'session'))::int AS sessions
          FROM issue_fingerprints f CROSS JOIN LATERAL (
            SELECT NULL AS kind, NULL AS value UNION ALL
            SELECT kind, value FROM issue_values
            WHERE project_id = f.project_id AND fingerprint = f.fingerprint AND kind IN ('user', 'session')) v
          WHERE f.project_id = ${projectId} AND f.issue_id IN (${ids}) GROUP BY f.issue_id
        ) s WHERE issues.project_id = ${projectId} AND issues.id = s.issue_id`);
  },
});

const seenIn = (projectId: string, release: string) => sql`EXISTS (
  SELECT 1 FROM ${issueFingerprints} f JOIN ${issueValues} v USING (project_id, fingerprint)
  WHERE f.project_id = ${projectId} AND f.issue_id = ${issues.id} AND v.kind = 'release' AND v.value = ${release})`;
