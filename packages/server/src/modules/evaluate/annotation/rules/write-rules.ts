import type { AnnotationRule, AnnotationRuleInput, AnnotationRulePatch, AnnotationTrigger } from "@treadle/contract";
import { AppError, notFound } from "../../../../kernel/errors.ts";
import { newId } from "../../../../kernel/ids.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import type { AnnotationDeps } from "../queues/deps.ts";
import type { Queues } from "../queues/queues-service.ts";
import type { ItemAdding } from "../sources/add-items.ts";
import { createRuleStore, type RuleRow } from "../stores/rule-store.ts";
import { startOf } from "./drift/follow-drift.ts";
import { RULES_KIND } from "./follow-rules.ts";

type Base = "db" | "columnar" | "jobs" | "traces" | "audit" | "clock" | "namesOf" | "embed" | "ask";
export type RuleDeps = Pick<AnnotationDeps, Base> & {
  readonly queues: Pick<Queues, "find" | "questionsOf">;
  readonly adding: Pick<ItemAdding, "bring">;
};
type Shown = {
  find(scope: Scope, place: { queueId: string; ruleId: string }): Promise<RuleRow>;
  describe(scope: Scope, row: RuleRow): Promise<AnnotationRule>;
};

const EVERY_SECONDS = 15;
const MOST_RULES = 100;
const ORDER = { kind: RULES_KIND, payload: {}, title: "Add traces to annotation queues", key: "annotation-rules" };

/** Makes, changes and deletes rules. */
export function createRuleWrites({ db, jobs, audit, clock, queues }: RuleDeps, { find, describe }: Shown) {
  const store = createRuleStore(db);
  const follow = (scope: Scope, tx: Postgres) => jobs.send(tx, scope, { ...ORDER, everySeconds: EVERY_SECONDS });
  const fromNow = () => startAt(clock.now());

  async function refuseTaken(queueId: string, name: string, butOf = ""): Promise<void> {
    if (await store.isNameTaken(queueId, name, butOf))
      throw new AppError("conflict", {
        message: `The queue already has a rule "${name}". Choose another name.`,
        details: { name },
      });
  }

  return {
    async create(scope: Scope, queueId: string, input: AnnotationRuleInput): Promise<AnnotationRule> {
      await queues.find(scope, queueId);
      checkTrigger(input.trigger);
      await refuseTaken(queueId, input.name);
      if ((await store.count(scope.projectId)) >= MOST_RULES)
        throw new AppError("unprocessable", {
          message: `A project has at most ${MOST_RULES} rules. Delete a rule first.`,
        });
      const row = newRule(scope, { queueId, input, now: clock.now() });
      await db.transaction(async (tx) => {
        await createRuleStore(tx).create(row);
        await follow(scope, tx);
        const details = { queueId, name: input.name };
        await audit.record(scope, { action: "annotation-rule.create", target: row.id, details }, tx);
      });
      return describe(scope, row);
    },

    /** A rule that is enabled again, or whose drift settings change, starts with new spans. No window is checked twice. */
    async update(scope: Scope, place: { queueId: string; ruleId: string }, patch: AnnotationRulePatch) {
      const before = await find(scope, place);
      if (patch.trigger) checkTrigger(patch.trigger);
      if (patch.name !== undefined) await refuseTaken(place.queueId, patch.name, place.ruleId);
      const isResumed = patch.isEnabled === true && !before.isEnabled;
      const changes = {
        name: patch.name ?? before.name,
        trigger: patch.trigger ?? before.trigger,
        priority: patch.priority ?? before.priority,
        mostPerDay: patch.mostPerDay ?? before.mostPerDay,
        isEnabled: patch.isEnabled ?? before.isEnabled,
        lastError: "",
        ...(isResumed && fromNow()),
        ...(patch.trigger && { drift: null, ...(patch.trigger.kind === "drift" && fromNow()) }),
      };
      const row = await db.transaction(async (tx) => {
        const next = await createRuleStore(tx).update(scope.projectId, place.ruleId, changes);
        if (!next) throw notFound("annotation rule", place.ruleId);
        if (next.isEnabled) await follow(scope, tx);
        await audit.record(
          scope,
          { action: "annotation-rule.update", target: place.ruleId, details: { ...patch } },
          tx,
        );
        return next;
      });
      return describe(scope, row);
    },

    async delete(scope: Scope, place: { queueId: string; ruleId: string }): Promise<void> {
      const { name } = await find(scope, place);
      await db.transaction(async (tx) => {
        await createRuleStore(tx).delete(scope.projectId, place.ruleId);
        await audit.record(scope, { action: "annotation-rule.delete", target: place.ruleId, details: { name } }, tx);
      });
    },
  };
}

/** A rule checks spans after this position. */
const startAt = (placeMs: number) => ({ placeMs, placeTraceId: "", placeSpanId: "" });

type NewRule = { readonly queueId: string; readonly input: AnnotationRuleInput; readonly now: number };

const newRule = ({ projectId, actor }: Scope, { queueId, input, now }: NewRule): RuleRow => ({
  id: newId("rule", now),
  projectId,
  queueId,
  ...input,
  ...startAt(input.trigger.kind === "drift" ? startOf(input.trigger, now) : now),
  added: 0,
  addedDay: "",
  addedToday: 0,
  lastAddedAt: null,
  lastError: "",
  drift: null,
  createdBy: actor,
  createdAt: new Date(now),
});

/**
 * Throws `invalid_request` for a score rule without a condition, and for a window that is longer than its reference.
 */
export function checkTrigger(trigger: AnnotationTrigger): void {
  if (trigger.kind === "drift" && trigger.windowHours > trigger.referenceDays * 24)
    throw new AppError("invalid_request", {
      message: `\`trigger\`: the window of ${trigger.windowHours} hours is longer than the ${trigger.referenceDays} reference days before it. Use a shorter window or more days.`,
      details: { field: "trigger.windowHours" },
    });
  if (trigger.kind !== "score" || trigger.below !== null || trigger.above !== null) return;
  throw new AppError("invalid_request", {
    message: "`trigger`: set `below`, `above` or both. Without a limit no score triggers the rule.",
    details: { field: "trigger.below" },
  });
}
