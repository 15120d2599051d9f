import type { Endpoint } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { FiringInPlan, Sighting } from "../evidence/decide.ts";
import { hasBurst } from "../evidence/find-burst.ts";
import type { Plan } from "../evidence/plan.ts";
import { findUnevenScores } from "../evidence/weigh-stage.ts";
import type { RolloutRow } from "../stores/rollout-store.ts";
import type { RolloutDeps } from "./deps.ts";
import { createLook, type Look } from "./look.ts";

type Subject = { readonly scope: Scope; readonly row: RolloutRow; readonly endpoint: Endpoint };

/** Everything that a decision about a rollout depends on. */
export function createSight(deps: Pick<RolloutDeps, "columnar" | "clock" | "endpoints" | "log" | "monitors">) {
  const { endpoints, clock } = deps;
  const { listRecent } = createLook(deps);
  return async function see({ scope, row, endpoint }: Subject, found: Look, signal: AbortSignal): Promise<Sighting> {
    const { configurations } = found.counts;
    const isPastDeadline = row.deadline !== null && clock.now() >= row.deadline.getTime();
    return {
      plan: found.view.plan,
      state: row.state === "holding" ? "holding" : "running",
      stage: found.view.stage,
      evidence: found.evidence,
      isDown: hasBurst(await listRecent(row, endpoint, signal)),
      isPastDeadline,
      changedArm: configurations.candidate > 1 ? "candidate" : configurations.control > 1 ? "control" : null,
      unavailable: await whyUnavailable(endpoints, scope, endpoint),
      unevenScores: findUnevenScores(found.view, found.counts),
      firing: await listFiring(deps.monitors, scope, found.view.plan),
    };
  };
}

/** Why a model of the endpoint cannot answer. Empty if all can. */
async function whyUnavailable(endpoints: RolloutDeps["endpoints"], scope: Scope, endpoint: Endpoint): Promise<string> {
  try {
    await endpoints.checkModels(scope, endpoint);
    return "";
  } catch (error) {
    if (error instanceof AppError && error.code === "unprocessable") return error.message;
    throw error;
  }
}

/** The firing monitors of a plan, in the order of the plan. */
async function listFiring(
  { firingMonitors }: RolloutDeps["monitors"],
  scope: Scope,
  { monitors }: Pick<Plan, "monitors">,
): Promise<FiringInPlan[]> {
  if (monitors.length === 0) return [];
  const firing = await firingMonitors(
    scope,
    monitors.map(({ monitorId }) => monitorId),
  );
  return monitors.flatMap(({ monitorId, action }) => {
    const one = firing.find((each) => each.monitorId === monitorId);
    return one ? [{ ...one, action }] : [];
  });
}
