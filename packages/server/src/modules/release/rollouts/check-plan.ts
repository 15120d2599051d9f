import type { Endpoint, RolloutInput } from "@treadle/contract";
import { AppError } from "../../../kernel/errors.ts";
import { checkMeasures, checkStrategy, checkUnit } from "../comparisons/index.ts";
import { controlPartOf } from "./evidence/plan.ts";

const DAY_MINUTES = 1_440;
type Compared = Pick<Endpoint, "name" | "variants" | "assignBy" | "strategy">;

/** Throws `unprocessable` for a rollout that could never end well, with the field and what to do. */
export function checkPlan(input: RolloutInput, endpoint: Compared): void {
  checkVariants(input, endpoint);
  checkRouting(input, endpoint);
  checkUnit(input.unit, endpoint);
  checkTemplate(input);
}

/** The part that does not depend on an endpoint. */
export function checkTemplate(template: Pick<RolloutInput, "stages" | "maxDays" | "guardrails">): void {
  checkStages(template);
  checkMeasures(template.guardrails, "guardrails");
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
  checkStrategy({ name, strategy });
  const { weight = 0 } = variants.find((variant) => variant.name === control) ?? {};
  if (weight > 0 && controlPartOf(variants, control) === 0)
    throw refuse(
      "control",
      `The variant "${control}" answers only after failures, because other variants have a lower priority number. Choose one of those as the control.`,
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

const refuse = (param: string, message: string) => new AppError("unprocessable", { message, details: { param } });
