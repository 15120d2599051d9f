import type { RolloutEstimate, RolloutGuardrail, RolloutInput, RolloutStage } from "@treadle/contract";
import { DAY_MS } from "../../../kernel/day.ts";
import type { Scope } from "../../../kernel/scope.ts";
import { scoresOf } from "../../observe/traces/index.ts";
import {
  type ArmCounts,
  BASELINE_DAYS,
  type BaselineStore,
  type BaselineTotal,
  createBaselineStore,
  isRate,
  keyOf,
  NO_COUNTS,
  type Past,
  withBudget,
} from "../comparisons/index.ts";
import { checkPlan } from "./check-plan.ts";
import { alphaOf, controlPartOf, shareOfArms, tunedFor } from "./evidence/plan.ts";
import { unitsToFindDouble, unitsToShowSafe } from "./evidence/plan-requests.ts";
import type { RolloutDeps } from "./run/deps.ts";

const DAY_MINUTES = 1_440;
const SCORES = scoresOf({ where: "name = {score:String}" });

type Traffic = {
  readonly alpha: number;
  readonly controlPart: number;
  readonly unitsPerDay: number;
  readonly requestsPerUnit: number;
  readonly guardrails: readonly RolloutGuardrail[];
  readonly counts: ReadonlyMap<string, ArmCounts>;
};

/** What a rollout can find out with the traffic that the endpoint has had. */
export function createEstimate({ columnar, endpoints, clock }: Pick<RolloutDeps, "columnar" | "endpoints" | "clock">) {
  const baseline = createBaselineStore(columnar);
  return async function estimate(scope: Scope, input: RolloutInput): Promise<RolloutEstimate> {
    const endpoint = await endpoints.get(scope, input.endpointId);
    checkPlan(input, endpoint);
    const { control, unit } = input;
    const from = clock.now() - BASELINE_DAYS * DAY_MS;
    const past = { projectId: scope.projectId, endpoint: endpoint.name, control, unit, from };
    const total = await baseline.total(past);
    const guardrails = withMeasuredBudgets(input.guardrails, total);
    const traffic: Traffic = {
      guardrails,
      alpha: alphaOf(input),
      controlPart: controlPartOf(endpoint.variants, input.control) || 1,
      unitsPerDay: total.units / BASELINE_DAYS,
      requestsPerUnit: total.units > 0 ? total.requests / total.units : 1,
      counts: await readCounts(baseline, past, guardrails),
    };
    return {
      unitsPerDay: traffic.unitsPerDay,
      requestsPerDay: total.requests / BASELINE_DAYS,
      stages: input.stages.map((stage) => estimateStage(stage, traffic)),
    };
  };
}

/** The guardrails, with the control's 95th percentile where the plan has no budget. */
function withMeasuredBudgets(guardrails: readonly RolloutGuardrail[], total: BaselineTotal): RolloutGuardrail[] {
  const budgets = { latency: total.p95_ms ?? Number.NaN, "first-token": total.p95_ttft_ms ?? Number.NaN };
  return guardrails.map((guardrail) => withBudget(guardrail, budgets));
}

async function readCounts(baseline: BaselineStore, past: Past, guardrails: readonly RolloutGuardrail[]) {
  const measurable = guardrails.filter(hasBudget);
  const counts = new Map(await baseline.countUnits(past, measurable));
  for (const { metric } of guardrails)
    if (metric.kind === "score")
      counts.set(keyOf(metric), await baseline.countScores(past, { score: metric.name, table: SCORES }));
  return counts;
}

/** Without traffic of the control, its 95th percentile is not known. */
const hasBudget = ({ metric }: RolloutGuardrail): boolean =>
  (metric.kind !== "latency" && metric.kind !== "first-token") || Number.isFinite(metric.budgetMs ?? Number.NaN);

function estimateStage(stage: RolloutStage, traffic: Traffic): RolloutEstimate["stages"][number] {
  const { controlPart, unitsPerDay, requestsPerUnit, alpha, guardrails, counts } = traffic;
  const share = shareOfArms(stage.share, controlPart);
  const ofArms = unitsPerDay * (stage.share + (1 - stage.share) * controlPart);
  const daysFor = (units: number | null) => (units === null || ofArms === 0 ? null : units / ofArms);
  const forUnits = daysFor(stage.minUnits / share);
  const toRequests = (units: number | null) => (units === null ? null : Math.ceil(units * requestsPerUnit));
  return {
    share: stage.share,
    daysToMinimum: forUnits === null ? null : Math.max(forUnits, stage.minMinutes / DAY_MINUTES),
    metrics: guardrails.map(({ metric, margin }) => {
      const key = keyOf(metric);
      const found = counts.get(key) ?? NO_COUNTS;
      const isRelative = metric.kind === "cost";
      const safe = unitsToShowSafe(found, { share, alpha, margin, tunedFor: tunedFor(stage, share), isRelative });
      return {
        key,
        controlValue: found.units === 0 ? null : found.sum / found.units,
        requestsToFindDouble: isRate(metric) ? toRequests(unitsToFindDouble(found, { share, alpha })) : null,
        requestsToShowSafe: toRequests(safe),
        daysToShowSafe: daysFor(safe),
      };
    }),
  };
}
