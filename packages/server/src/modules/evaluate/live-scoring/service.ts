import type { LivePreviewInput, LiveRule, ScoreState } from "@treadle/contract";
import { DAY_MS } from "../../../kernel/day.ts";
import { AppError, notFound } from "../../../kernel/errors.ts";
import { fromCursor, toPage, wholeList } from "../../../kernel/pages.ts";
import type { Scope } from "../../../kernel/scope.ts";
import { BACKFILL_KIND, createBackfill } from "./backfill.ts";
import { createRuleCheck } from "./check-rule.ts";
import type { LiveScoringDeps } from "./deps.ts";
import { createDrawing } from "./draw-answers.ts";
import { FOLLOW_KIND, followRules } from "./follow-rules.ts";
import { createLiveScoreStore } from "./live-score-store.ts";
import { toLiveRule, toLiveScore } from "./present.ts";
import { createRuleBudget } from "./rule-budget.ts";
import { wholeFilter } from "./rule-filter.ts";
import { createRuleStore, type RuleRow } from "./rule-store.ts";
import { createRuleWrites } from "./write-rules.ts";

const MOST_DAYS_BACK = 90;
const PLACE_PARTS = 5;

/** Rules that score what arrives. */
export function createLiveScoring(deps: LiveScoringDeps) {
  const { db, jobs, traces, clock, namesOf } = deps;
  const store = createRuleStore(db);
  jobs.register(FOLLOW_KIND, followRules(deps));
  jobs.register(BACKFILL_KIND, createBackfill(deps));

  async function find(scope: Scope, ruleId: string): Promise<RuleRow> {
    const row = await store.find(scope.projectId, ruleId);
    if (!row) throw notFound("live scoring rule", ruleId);
    return row;
  }
  async function describe(scope: Scope, rows: readonly RuleRow[]): Promise<LiveRule[]> {
    const names = await namesOf(scope.projectId, [...new Set(rows.map(({ createdBy }) => createdBy))]);
    return rows.map((row) => toLiveRule(row, { names, now: clock.now() }));
  }
  async function describeOne(scope: Scope, row: RuleRow): Promise<LiveRule> {
    const [rule] = await describe(scope, [row]);
    if (!rule) throw new AppError("internal");
    return rule;
  }

  const { check, ...writes } = createRuleWrites(deps, { find, describe: describeOne });

  return {
    ...writes,
    ...evaluationsOf(deps),
    async list(scope: Scope) {
      return wholeList(await describe(scope, await store.list(scope.projectId)));
    },
    async get(scope: Scope, ruleId: string): Promise<LiveRule> {
      return describeOne(scope, await find(scope, ruleId));
    },

    async preview(scope: Scope, { samplingRate, from, to, ...rule }: LivePreviewInput) {
      const since = from ?? new Date(clock.now() - DAY_MS).toISOString();
      const filter = { filter: wholeFilter(rule), from: since, ...(to !== undefined && { to }) };
      const matching = await traces.picked.count(scope.projectId, filter);
      return { matching, sampled: Math.round(matching * samplingRate) };
    },

    async listScores(
      scope: Scope,
      ruleId: string,
      { limit, cursor, state }: { limit: number; cursor?: string | undefined; state?: ScoreState | undefined },
    ) {
      await find(scope, ruleId);
      const before = cursor === undefined ? null : readPlace(cursor);
      const of = { projectId: scope.projectId, ruleId, state };
      const rows = await createLiveScoreStore(db).list(of, { limit: limit + 1, before });
      const page = toPage(rows, limit, (row) => [
        ...[row.scoredAt.toISOString(), row.traceId, row.spanId],
        ...[row.name, row.madeBy],
      ]);
      return { ...page, items: page.items.map(toLiveScore) };
    },

    /** How many scores of a name each version of a scorer gave since a time, for those who ask which judge they are of. */
    countMakers: (projectId: string, wanted: { name: string; from: Date }) =>
      createLiveScoreStore(db).countMakers(projectId, wanted),

    async backfill(scope: Scope, ruleId: string, times: { from: string; to?: string | undefined }) {
      const { name, scorers: refs } = await find(scope, ruleId);
      await check(scope, refs);
      const [from, to] = [Date.parse(times.from), times.to === undefined ? clock.now() : Date.parse(times.to)];
      if (from >= to) throw badTime("from", "must be before `to`");
      if (from < clock.now() - MOST_DAYS_BACK * DAY_MS)
        throw badTime("from", `must be within the last ${MOST_DAYS_BACK} days`);
      const payload = { ruleId, from: new Date(from).toISOString(), to: new Date(to).toISOString() };
      const jobId = await db.transaction((tx) =>
        jobs.send(tx, scope, {
          kind: BACKFILL_KIND,
          payload,
          title: `Score past traces with ${name}`,
          subject: ruleId,
          key: ruleId,
        }),
      );
      return { jobId };
    },
  };
}
export type LiveScoring = ReturnType<typeof createLiveScoring>;

/** For evaluations of a rule's traffic. */
const evaluationsOf = (deps: LiveScoringDeps) => ({
  checkScorers: createRuleCheck(deps),
  draw: createDrawing(deps),
  budget: createRuleBudget(deps),
});

const badTime = (param: string, why: string) =>
  new AppError("invalid_request", { message: `\`${param}\` ${why}.`, details: { param } });

function readPlace(cursor: string): readonly [string, string, string, string, string] {
  const [at = "", ...rest] = fromCursor(cursor, PLACE_PARTS).map(String);
  if (Number.isNaN(Date.parse(at)))
    throw new AppError("invalid_request", {
      message: "The cursor does not belong to this list. Start again without a cursor.",
    });
  const [traceId = "", spanId = "", name = "", madeBy = ""] = rest;
  return [at, traceId, spanId, name, madeBy];
}
