import type { issuesApi, ParsedOf } from "@treadle/contract";
import { DAY_MS, HOUR_MS } from "../../../kernel/day.ts";
import { AppError } from "../../../kernel/errors.ts";
import { fromTimeCursor, toPage } from "../../../kernel/pages.ts";
import type { Scope } from "../../../kernel/scope.ts";
import { toFingerprint, toTrend, toValue, trendRange } from "./present.ts";
import { type ActivityRow, createActivityStore } from "./stores/activity-store.ts";
import { createCountStore } from "./stores/count-store.ts";
import type { IssuesDeps } from "./stores/deps.ts";
import type { FailureStore } from "./stores/failure-store.ts";
import { createFingerprintStore } from "./stores/fingerprint-store.ts";
import type { IssueRow } from "./stores/issue-store.ts";
import { createOccurrenceStore, type OccurrenceRow } from "./stores/occurrence-store.ts";

type TrendQuery = ParsedOf<(typeof issuesApi)["GET /api/v1/issues/:issueId/trend"]>["query"];
type Page = { readonly limit: number; readonly cursor?: string | undefined };
const MOST_FINGERPRINTS = 100;
const MOST_LISTED_VALUES = 400;
const MOST_POINTS = 2_200;

type ReadingDeps = Pick<IssuesDeps, "db" | "clock" | "namesOf"> & {
  readonly failures: Pick<FailureStore, "messages">;
  find(scope: Scope, issueId: string): Promise<IssueRow>;
};

/** What is read about one issue. */
export const createIssueReading = (deps: ReadingDeps) => ({
  ...createCountReading(deps),
  ...createOccurrenceReading(deps),

  async activities(scope: Scope, issueId: string, { limit, cursor }: Page) {
    const row = await deps.find(scope, issueId);
    const after = cursor === undefined ? null : fromTimeCursor(cursor);
    const rows = await createActivityStore(deps.db).list(scope.projectId, row.id, { limit: limit + 1, after });
    const { items, nextCursor } = toPage(rows, limit, ({ at, id }) => [at.toISOString(), id]);
    const actors = items.map(({ actor }) => actor);
    const names = await deps.namesOf(scope.projectId, actors);
    return { items: items.map((item) => toActivity(item, names)), nextCursor };
  },
});

const toActivity = ({ id, actor, at, ...row }: ActivityRow, names: ReadonlyMap<string, string>) => ({
  activityId: id,
  action: row.action,
  actor: { actorId: actor, name: names.get(actor) ?? actor },
  at: at.toISOString(),
  from: row.from,
  to: row.to,
  isUndoable: row.fingerprints.length > 0 && !row.isUndone,
});

const createCountReading = ({ db, clock, find }: ReadingDeps) => ({
  async parts({ projectId }: Scope, issueId: string) {
    const fingerprints = await createFingerprintStore(db).listOf(projectId, issueId, MOST_FINGERPRINTS);
    const kinds = ["release", "promptVersion", "model", "endpoint"] as const;
    const values = await createCountStore(db).listValues(projectId, issueId, { kinds, limit: MOST_LISTED_VALUES });
    const of = (kind: (typeof kinds)[number]) => values.filter((one) => one.kind === kind).map(toValue);
    return {
      fingerprints: fingerprints.map(toFingerprint),
      releases: of("release"),
      promptVersions: of("promptVersion"),
      models: of("model"),
      endpoints: of("endpoint"),
    };
  },

  async trend(scope: Scope, issueId: string, { by, from, to }: TrendQuery) {
    const row = await find(scope, issueId);
    const usual = trendRange(clock.now());
    const range = { from: from ? new Date(from) : usual.from, to: to ? new Date(to) : usual.to };
    checkRange(range, by);
    const hours = await createCountStore(db).listHours(scope.projectId, [row.id], range);
    return { items: toTrend(hours, range, by), nextCursor: null };
  },
});

type OccurrenceQuery = Page & { readonly fingerprint?: string | undefined };

const createOccurrenceReading = ({ db, failures, find }: ReadingDeps) => ({
  async occurrences(scope: Scope, issueId: string, { limit, cursor, fingerprint }: OccurrenceQuery) {
    const row = await find(scope, issueId);
    const after = cursor === undefined ? null : fromTimeCursor(cursor);
    const query = { limit: limit + 1, after, fingerprint };
    const rows = await createOccurrenceStore(db).list(scope.projectId, row.id, query);
    const { items, nextCursor } = toPage(rows, limit, ({ at, occurrenceKey }) => [at.toISOString(), occurrenceKey]);
    const traceIds = items.map(({ traceId }) => traceId);
    const messages = await failures.messages(scope.projectId, traceIds);
    return { items: items.map((item) => toOccurrence(item, messages)), nextCursor };
  },
});

const toOccurrence = (
  { fingerprint, occurrenceKey, traceId, spanId, at, release }: OccurrenceRow,
  messages: ReadonlyMap<string, string>,
) => ({
  occurrenceId: `${fingerprint}:${occurrenceKey}`,
  traceId,
  spanId,
  fingerprint,
  at: at.toISOString(),
  message: messages.get(occurrenceKey) ?? "",
  release,
});

function checkRange({ from, to }: { from: Date; to: Date }, by: "hour" | "day"): void {
  const points = (to.getTime() - from.getTime()) / (by === "hour" ? HOUR_MS : DAY_MS);
  const problem =
    points <= 0
      ? "`to` must be after `from`."
      : points > MOST_POINTS
        ? `The range has about ${Math.ceil(points)} ${by}s, but a trend has at most ${MOST_POINTS}. Choose a shorter range, or \`by=day\`.`
        : "";
  if (problem !== "") throw new AppError("invalid_request", { message: problem, details: { param: "to" } });
}
