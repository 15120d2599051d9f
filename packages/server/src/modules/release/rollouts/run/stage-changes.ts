import { DAY_MS } from "../../../../kernel/day.ts";
import type { FinishedStage, Plan } from "../evidence/plan.ts";
import type { RolloutChanges } from "../stores/rollout-store.ts";

type Beginning = {
  readonly plan: Plan;
  readonly stage: number;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly finished: readonly FinishedStage[];
};

/** A stage that begins: its units are counted from now on. */
export const beginStage = ({ plan, stage, now, finished }: Beginning): RolloutChanges => ({
  state: "running",
  stage,
  share: plan.stages[stage]?.share ?? 0,
  stageStartedAt: new Date(now),
  evaluatedAt: new Date(now),
  observedMs: 0,
  finished: [...finished],
  evidence: null,
});

/** After this, a running rollout is inconclusive and a paused one expires. */
export const deadlineOf = ({ maxDays }: Pick<Plan, "maxDays">, now: number): Date => new Date(now + maxDays * DAY_MS);

/** The end of a rollout: the candidate has no share of it. */
export const endRollout = (state: "promoted" | "rolled-back" | "expired", now: number): RolloutChanges => ({
  state,
  share: 0,
  deadline: null,
  endedAt: new Date(now),
});

/** A paused rollout stays with its endpoint, and its candidate gets no new units. */
export const pauseRollout = (plan: Plan, now: number): RolloutChanges => ({
  state: "paused",
  share: 0,
  deadline: deadlineOf(plan, now),
});
