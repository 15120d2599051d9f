import type { AssignBy, Endpoint, RolloutGuardrail, RolloutInput } from "@treadle/contract";
import { AppError } from "../../../kernel/errors.ts";
import { keyOf } from "../comparisons/index.ts";
import { controlPartOf } from "./evidence/plan.ts";

const DAY_MINUTES = 1_440;
/** A request without the unit is assigned by the next in this order. */
const LADDER: readonly AssignBy[] = ["user", "session", "conversation", "key", "request"];

type Compared = Pick<Endpoint, "name" | "variants" | "assignBy" | "strategy">;

/** Throws `unprocessable` for a rollout that could never end well, with the field and what to do. */
export function checkPlan(input: RolloutInput, endpoint: Compared): void {
  checkVariants(input, endpoint);
  checkRouting(input, endpoint);
  checkUnit(input, endpoint);
  checkTemplate(input);
}

/** The part that does not depend on an endpoint. */
export function checkTemplate(template: Pick<RolloutInput, "stages" | "maxDays" | "guardrails">): void {
  checkStages(template);
  checkGuardrails(template.guardrails);
}

function checkVariants({ candidate, control }: RolloutInput, { name, variants }: Pick<Endpoint, "name" | "variants">) {
  const names = variants.map((variant) => variant.name);
  for (const [param, wanted] of Object.entries({ candidate, control }))
    if (!names.includes(wanted))
      throw refuse(param, `The endpoint "${name}" has no variant "${wanted}". It has: ${names.join(", ")}.`);
  if (candidate === control)
    throw refuse("control", `"${candidate}" is both the candidate and the control. Choose two different variants.`);
}

/** A control whose share depends on measurements or on failures is not a random sample. */
function checkRouting({ control }: RolloutInput, { name, variants, strategy }: Compared) {
  if (strategy !== "weight")
    throw refuse(
      "endpointId",
      `The endpoint "${name}" chooses variants by ${strategy}. A rollout needs fixed shares: set the strategy to weight.`,
    );
  const { weight = 0 } = variants.find((variant) => variant.name === control) ?? {};
  if (weight > 0 && controlPartOf(variants, control) === 0)
    throw refuse(
      "control",
      `The variant "${control}" answers only after failures, because other variants have a lower priority number. Choose one of those as the control.`,
    );
}

function checkUnit({ unit }: RolloutInput, { name, assignBy }: Pick<Endpoint, "name" | "assignBy">) {
  if (assignBy === "auto" || LADDER.indexOf(unit) >= LADDER.indexOf(assignBy)) return;
  throw refuse(
    "unit",
    `The endpoint "${name}" assigns variants by ${assignBy}, so no request counts as a ${unit}. Choose the unit ${assignBy}, or change the endpoint's assignment.`,
  );
}

function checkStages({ stages, maxDays }: Pick<RolloutInput, "stages" | "maxDays">) {
  const place = stages.findIndex(({ share }, index) => index > 0 && share <= (stages[index - 1]?.share ?? 0));
  if (place !== -1)
    throw refuse(
      `stages.${place}.share`,
      `Stage ${place + 1} has no larger share than stage ${place}. Shares only grow, so that no user goes back.`,
    );
  const minutes = stages.reduce((sum, { minMinutes }) => sum + minMinutes, 0);
  if (minutes >= maxDays * DAY_MINUTES && minutes > 0)
    throw refuse(
      "maxDays",
      `The stages take at least ${minutes} minutes, and the rollout ends after ${maxDays * DAY_MINUTES}. Shorten the stages, or raise the maximum duration.`,
    );
}

function checkGuardrails(guardrails: readonly RolloutGuardrail[]) {
  const keys = guardrails.map(({ metric }) => keyOf(metric));
  const repeated = keys.findIndex((key, place) => keys.indexOf(key) < place);
  if (repeated !== -1)
    throw refuse(
      `guardrails.${repeated}.metric`,
      `Two guardrails use the metric ${keys[repeated]}. Use each metric once.`,
    );
  const place = guardrails.findIndex(({ metric, direction }) => metric.kind !== "score" && direction === "higher");
  if (place !== -1)
    throw refuse(
      `guardrails.${place}.direction`,
      `Lower is better for ${keys[place]}. Only a score can be better when it is higher.`,
    );
}

const refuse = (param: string, message: string) => new AppError("unprocessable", { message, details: { param } });
