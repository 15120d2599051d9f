import type { Issue, IssueDetail, IssueSettings, IssueState, issuesApi, ParsedOf, ResponseOf } from "@treadle/contract";
import { AppError, notFound } from "../../../kernel/errors.ts";
import { fromCursor, toPage } from "../../../kernel/pages.ts";
import type { Scope } from "../../../kernel/scope.ts";
import { createIssueChanges } from "./change-issues.ts";
import { createProjectFollowing } from "./follow/follow-projects.ts";
import { createIssueComments } from "./issue-comments.ts";
import { createFingerprintMoves } from "./move-fingerprints.ts";
import { toIssue, toTrend, trendRange } from "./present.ts";
import { createIssueReading } from "./read-issues.ts";
import { createCountStore } from "./stores/count-store.ts";
import type { IssuesDeps } from "./stores/deps.ts";
import { createFailureStore } from "./stores/failure-store.ts";
import { createFollowStore, DEFAULT_SETTINGS } from "./stores/follow-store.ts";
import { createIssueStore, type IssueRow, isTimeOrder, sortValueOf } from "./stores/issue-store.ts";

type ListQuery = ParsedOf<(typeof issuesApi)["GET /api/v1/issues"]>["query"];
type Counts = ResponseOf<(typeof issuesApi)["GET /api/v1/issue-counts"]>;

/** Failures grouped by their cause, from the first occurrence to the fix. */
export function createIssues(deps: IssuesDeps) {
  const failures = createFailureStore(deps);
  const projects = createProjectFollowing(deps, failures);
  const shown = createShown(deps);
  const reading = createIssueReading({ ...deps, ...shown, failures });
  return {
    ...projects,
    ...reading,
    ...createIssueChanges(deps, shown),
    ...createFingerprintMoves(deps, shown),
    ...createIssueSettings(deps, projects),
    comments: createIssueComments(deps, shown.find),

    async list(scope: Scope, { limit, cursor, order, ...query }: ListQuery) {
      await projects.follow(scope);
      const after = cursor === undefined ? null : readPlace(cursor, order);
      const store = createIssueStore(deps.db);
      const rows = await store.list(scope.projectId, { ...query, order, limit: limit + 1, after });
      const { items, nextCursor } = toPage(rows, limit, (row) => [sortValueOf(row, order), row.id]);
      return { items: await shown.describe(scope, items), nextCursor };
    },

    async get(scope: Scope, issueId: string): Promise<IssueDetail> {
      const row = await shown.find(scope, issueId);
      return { ...(await shown.describeOne(scope, row)), ...(await reading.parts(scope, row.id)) };
    },
  };
}
export type Issues = ReturnType<typeof createIssues>;

/** Issues as readers see them. */
function createShown({ db, clock, namesOf }: IssuesDeps) {
  const store = createIssueStore(db);
  async function describe({ projectId }: Scope, rows: readonly IssueRow[]): Promise<Issue[]> {
    const range = trendRange(clock.now());
    const ids = rows.map(({ id }) => id);
    const hours = Map.groupBy(await createCountStore(db).listHours(projectId, ids, range), ({ issueId }) => issueId);
    const assignees = rows.flatMap(({ assigneeId }) => assigneeId ?? []);
    const names = await namesOf(projectId, assignees);
    return rows.map((row) => {
      const trend = toTrend(hours.get(row.id) ?? [], range, "day").map(({ occurrences }) => occurrences);
      return toIssue(row, { trend, names });
    });
  }
  return {
    describe,
    async describeOne(scope: Scope, row: IssueRow): Promise<Issue> {
      const [issue] = await describe(scope, [row]);
      if (!issue) throw notFound("issue", row.id);
      return issue;
    },
    /** The issue. For one that was merged into another, the other. */
    async find({ projectId }: Scope, issueId: string): Promise<IssueRow> {
      let row = await store.find(projectId, issueId);
      for (let step = 0; row?.mergedInto && step < MOST_MERGES; step++)
        row = await store.find(projectId, row.mergedInto);
      if (!row) throw notFound("issue", issueId);
      return row;
    },
  };
}
const MOST_MERGES = 100;

function countsOf(states: ReadonlyMap<IssueState, number>): Counts["counts"] {
  const of = (state: IssueState) => states.get(state) ?? 0;
  const open = { new: of("new"), acknowledged: of("acknowledged"), regressed: of("regressed") };
  return { ...open, resolved: of("resolved"), ignored: of("ignored") };
}

const createIssueSettings = ({ db, audit }: IssuesDeps, { follow }: { follow(scope: Scope): Promise<void> }) => ({
  async count({ projectId }: Scope): Promise<Counts> {
    const row = await createFollowStore(db).find(projectId);
    const states = await createIssueStore(db).countByState(projectId);
    return {
      counts: countsOf(states),
      followedTo: row ? new Date(row.placeMs).toISOString() : null,
    };
  },

  async getSettings({ projectId }: Scope): Promise<IssueSettings> {
    return (await createFollowStore(db).find(projectId))?.settings ?? DEFAULT_SETTINGS;
  },

  async updateSettings(scope: Scope, settings: IssueSettings): Promise<IssueSettings> {
    await follow(scope);
    await db.transaction(async (tx) => {
      await createFollowStore(tx).change(scope.projectId, { settings });
      const details = { isEnabled: settings.isEnabled, kinds: settings.kinds };
      await audit.record(scope, { action: "issues.settings", target: scope.projectId, details }, tx);
    });
    return settings;
  },
});

function readPlace(cursor: string, order: ListQuery["order"]): readonly [string | number, string] {
  const [value, id] = fromCursor(cursor, 2);
  const isValid = isTimeOrder(order)
    ? typeof value === "string" && !Number.isNaN(Date.parse(value))
    : typeof value === "number" && Number.isSafeInteger(value);
  if (!isValid || value === undefined || typeof id !== "string")
    throw new AppError("invalid_request", {
      message: "The cursor does not belong to this list. Start again without a cursor.",
    });
  return [value, id];
}
