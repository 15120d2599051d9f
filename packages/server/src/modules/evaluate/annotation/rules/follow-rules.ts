import { z } from "zod";
import { AppError } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { JobHandler, JobKind } from "../../../../platform/jobs/port.ts";
import type { AnnotationDeps } from "../queues/deps.ts";
import type { Queues } from "../queues/queues-service.ts";
import type { ItemAdding } from "../sources/add-items.ts";
import type { Incoming } from "../sources/incoming.ts";
import { createRuleStore, type RuleRow } from "../stores/rule-store.ts";
import { followDrift } from "./drift/follow-drift.ts";
import { createFinds, type Found } from "./find-matching.ts";

type Deps = Pick<AnnotationDeps, "db" | "columnar" | "traces" | "clock" | "embed" | "ask"> & {
  readonly queues: Pick<Queues, "find" | "questionsOf">;
  readonly adding: Pick<ItemAdding, "bring">;
};

export const RULES_KIND: JobKind<object, null> = { name: "annotation-rules", payload: z.object({}), state: z.null() };

const BATCH = 50;
/** One rule does not hold up the others. */
const MOST_BATCHES = 20;

/** Brings what has come since last time into the queues, for each rule of a project that is not paused. */
export function followRules({ db, traces, clock, queues, adding, ...tools }: Deps): JobHandler<object, null> {
  const rules = createRuleStore(db);
  const drift = followDrift({ ...tools, picked: traces.picked, clock, rules });
  const find = createFinds({ ...tools, db, traces, clock, rules });

  async function bring(scope: Scope, rule: RuleRow, items: Found["items"] | readonly (Incoming | null)[]) {
    const queue = await queues.find(scope, rule.queueId);
    const questions = await queues.questionsOf(queue);
    const reason = `Rule: ${rule.name}`;
    const placing = { queue, questions, priority: rule.priority, reason, ruleId: rule.id };
    const { added } = await adding.bring({ matching: null, items }, placing);
    await rules.countAdded(rule.projectId, rule.id, { added, at: new Date(clock.now()) });
  }

  /** Whether there may be more immediately. */
  async function takeBatch(scope: Scope, rule: RuleRow, signal: AbortSignal): Promise<boolean> {
    const isToday = rule.addedDay === new Date(clock.now()).toISOString().slice(0, 10);
    const left = Math.max(0, rule.mostPerDay - (isToday ? rule.addedToday : 0));
    if (rule.trigger.kind === "drift") {
      // Also on a day that reached its limit: the result of a window is still reported.
      await drift(rule, (items) => bring(scope, rule, items.slice(0, left)), signal);
      return false;
    }
    if (left === 0) return false;
    const limit = Math.min(BATCH, left);
    const spans = (await find.arrivals(rule, limit, signal)) ?? (await find.scored(rule, limit));
    if (!spans) return false;
    await bring(scope, rule, spans.items);
    await rules.update(rule.projectId, rule.id, { ...spans.place, lastError: "" });
    return spans.more;
  }

  async function follow(scope: Scope, ruleId: string, signal: AbortSignal): Promise<void> {
    for (let batch = 0; batch < MOST_BATCHES; batch++) {
      signal.throwIfAborted();
      const rule = await rules.find(scope.projectId, ruleId);
      if (!rule?.isEnabled || !(await takeBatch(scope, rule, signal))) return;
    }
  }

  return {
    async run({ scope, signal }) {
      for (const { id } of await rules.listEnabled(scope.projectId)) {
        try {
          await follow(scope, id, signal);
        } catch (error) {
          signal.throwIfAborted();
          if (!(error instanceof AppError)) throw error;
          await rules.update(scope.projectId, id, { lastError: error.message.slice(0, 2_000) });
        }
      }
      return null;
    },
  };
}
