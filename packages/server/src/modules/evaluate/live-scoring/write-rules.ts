import type { LiveRule, LiveRuleInput, LiveRulePatch } from "@treadle/contract";
import { AppError, notFound } from "../../../kernel/errors.ts";
import { newId } from "../../../kernel/ids.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { Postgres } from "../../../platform/postgres/port.ts";
import { createRuleCheck } from "./check-rule.ts";
import { dayOf } from "./daily-budget.ts";
import type { LiveScoringDeps } from "./deps.ts";
import { FOLLOW_KIND } from "./follow-rules.ts";
import { createRuleStore, type RuleRow } from "./rule-store.ts";

type Shown = {
  find(scope: Scope, ruleId: string): Promise<RuleRow>;
  describe(scope: Scope, row: RuleRow): Promise<LiveRule>;
};

const EVERY_SECONDS = 10;
const MOST_RULES = 50;

/** Makes, changes and deletes rules. */
export function createRuleWrites(deps: LiveScoringDeps, { find, describe }: Shown) {
  const { db, jobs, audit, clock, endChecks } = deps;
  const store = createRuleStore(db);
  const check = createRuleCheck(deps);
  const order = { kind: FOLLOW_KIND, payload: {}, title: "Score new traces", key: "live-scoring" };
  const follow = (scope: Scope, tx: Postgres) => jobs.send(tx, scope, { ...order, everySeconds: EVERY_SECONDS });
  const fromNow = () => startAt(clock.now());

  async function refuseTaken(scope: Scope, name: string, butOf = ""): Promise<void> {
    if (await store.isNameTaken(scope.projectId, name, butOf))
      throw new AppError("conflict", {
        message: `There is already a rule "${name}". Choose another name.`,
        details: { name },
      });
  }

  return {
    check,

    async create(scope: Scope, input: LiveRuleInput): Promise<LiveRule> {
      const scoreNames = await check(scope, input.scorers);
      await refuseTaken(scope, input.name);
      if ((await store.count(scope.projectId)) >= MOST_RULES)
        throw new AppError("unprocessable", {
          message: `A project has at most ${MOST_RULES} rules. Delete a rule first.`,
        });
      const row = newRule(scope, { input, scoreNames, now: clock.now() });
      await db.transaction(async (tx) => {
        await createRuleStore(tx).create(row);
        await follow(scope, tx);
        const details = { name: input.name, filter: input.filter };
        await audit.record(scope, { action: "live-scoring.create", target: row.id, details }, tx);
      });
      return describe(scope, row);
    },

    /** A rule that is enabled again starts with new spans. */
    async update(scope: Scope, ruleId: string, patch: LiveRulePatch): Promise<LiveRule> {
      const before = await find(scope, ruleId);
      const isResumed = patch.isEnabled === true && !before.isEnabled;
      const refs = patch.scorers ?? (isResumed ? before.scorers : undefined);
      const scoreNames = refs ? await check(scope, refs) : before.scoreNames;
      if (patch.name !== undefined) await refuseTaken(scope, patch.name, ruleId);
      const changes = { ...patch, scoreNames, updatedAt: new Date(clock.now()), lastError: "" };
      const row = await db.transaction(async (tx) => {
        const next = await createRuleStore(tx).update(scope.projectId, ruleId, {
          ...defined(changes),
          ...(isResumed && fromNow()),
        });
        if (!next) throw notFound("live scoring rule", ruleId);
        if (next.isEnabled) await follow(scope, tx);
        await audit.record(scope, { action: "live-scoring.update", target: ruleId, details: { ...patch } }, tx);
        return next;
      });
      return describe(scope, row);
    },

    async delete(scope: Scope, ruleId: string): Promise<void> {
      const { name } = await find(scope, ruleId);
      await db.transaction(async (tx) => {
        await endChecks(tx, scope, { ruleId, name });
        await createRuleStore(tx).delete(scope.projectId, ruleId);
        await audit.record(scope, { action: "live-scoring.delete", target: ruleId, details: { name } }, tx);
      });
    },
  };
}

/** A rule scores the spans after this place. */
const startAt = (placeMs: number) => ({ placeMs, placeTraceId: "", placeSpanId: "" });

type NewRule = Pick<RuleRow, "scoreNames"> & { readonly input: LiveRuleInput; readonly now: number };

const newRule = ({ projectId, actor }: Scope, { input, scoreNames, now }: NewRule): RuleRow => ({
  id: newId("rule", now),
  projectId,
  ...input,
  scoreNames,
  ...startAt(now),
  scored: 0,
  undefinedScores: 0,
  failed: 0,
  skipped: 0,
  lastScoredAt: null,
  lastError: "",
  spentDay: dayOf(now),
  spentUsd: 0,
  spentTokens: 0,
  createdBy: actor,
  createdAt: new Date(now),
  updatedAt: new Date(now),
});

/** Without what is left out. */
const defined = <Values extends object>(values: Values): Partial<Values> => {
  const changes = { ...values };
  for (const key of Object.keys(changes))
    if (Reflect.get(changes, key) === undefined) Reflect.deleteProperty(changes, key);
  return changes;
};
