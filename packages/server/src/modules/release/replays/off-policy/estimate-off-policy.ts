import type { OffPolicyInput, OffPolicyResult } from "@treadle/contract";
import { countOf } from "../../../../kernel/count-of.ts";
import { DAY_MS } from "../../../../kernel/day.ts";
import { AppError } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import { scoresOf } from "../../../observe/traces/index.ts";
import type { ReplayDeps } from "../stores/deps.ts";
import { createLoggedStore, type LoggedUnit } from "./logged-store.ts";
import { weighUnits } from "./weigh-units.ts";

type Deps = Pick<ReplayDeps, "columnar" | "endpoints" | "clock">;
type Work = { readonly input: OffPolicyInput; readonly signal: AbortSignal };

const DEFAULT_DAYS = 7;

/** What other shares of an endpoint's variants would have earned, from the logged probabilities. Throws `unprocessable` if that is unknown. */
export async function estimateOffPolicy(deps: Deps, scope: Scope, { input, signal }: Work): Promise<OffPolicyResult> {
  const { name: endpoint, variants } = await deps.endpoints.get(scope, input.endpointId);
  const { from, to } = periodOf(input, deps.clock.now());
  const window = { projectId: scope.projectId, endpoint, metric: input.metric, from, to };
  const store = createLoggedStore(deps.columnar, scoresOf);
  const units = await store.listUnits(window, signal);
  const withoutPropensity = await store.countForced(window, signal);
  const known = new Set([...variants.map(({ name }) => name), ...units.map(({ variant }) => variant)]);
  checkVariants(input.policy, { endpoint, known });
  if (units.length === 0) throw nothingLogged(endpoint, { from, to, withoutPropensity });
  checkValues(units, input.metric);
  const weighed = weighUnits(units, input);
  return {
    endpoint,
    ...weighed,
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    leftOut: { withoutPropensity, ...weighed.leftOut },
  };
}

function periodOf({ from, to }: OffPolicyInput, now: number) {
  const end = to === undefined ? now : Date.parse(to);
  const start = from === undefined ? end - DEFAULT_DAYS * DAY_MS : Date.parse(from);
  if (start >= end)
    throw new AppError("invalid_request", {
      message: "from: is not before `to`. Choose an earlier start.",
      details: { param: "from" },
    });
  return { from: start, to: end };
}

function checkVariants(
  policy: OffPolicyInput["policy"],
  { endpoint, known }: { readonly endpoint: string; readonly known: ReadonlySet<string> },
): void {
  const unknown = Object.keys(policy).find((variant) => !known.has(variant));
  if (unknown !== undefined)
    throw new AppError("unprocessable", {
      message: `policy: the endpoint "${endpoint}" has no variant "${unknown}". Its variants: ${[...known].join(", ")}.`,
      details: { param: `policy.${unknown}` },
    });
}

function checkValues(units: readonly LoggedUnit[], metric: OffPolicyInput["metric"]): void {
  if (units.some(({ valued }) => valued > 0)) return;
  const what = metric.kind === "score" ? `the score "${metric.name}"` : `a value of the metric "${metric.kind}"`;
  throw new AppError("unprocessable", {
    message: `No logged call has ${what}. Check the name, or choose another metric.`,
    details: { param: "metric" },
  });
}

const nothingLogged = (
  endpoint: string,
  { from, to, withoutPropensity }: { readonly from: number; readonly to: number; readonly withoutPropensity: number },
) =>
  new AppError("unprocessable", {
    message: `No call of the endpoint "${endpoint}" from ${new Date(from).toISOString()} to ${new Date(to).toISOString()} has a logged probability${withoutPropensity > 0 ? `: none of ${countOf(withoutPropensity, "call")} had a drawn variant` : ""}. Call the endpoint without \`x-treadle-variant\`, or choose another time range.`,
    details: { param: "endpointId", withoutPropensity },
  });
