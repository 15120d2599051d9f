import type { AbTestInput, Endpoint } from "@treadle/contract";
import { AppError } from "../../../kernel/errors.ts";
import { checkMeasures, checkStrategy, checkUnit, keyOf } from "../comparisons/index.ts";

type Compared = Pick<Endpoint, "name" | "variants" | "assignBy" | "strategy">;
/** Shares are typed with few digits: a third is 0.333. */
const TOLERANCE = 0.002;

/** Throws `unprocessable` for a test that could not run, with the field and what to do. */
export function checkTest(input: AbTestInput, endpoint: Compared): void {
  checkArms(input, endpoint);
  checkStrategy(endpoint);
  checkUnit(input.unit, endpoint);
  checkMeasures(input.metrics, "metrics");
  checkAllocation(input);
}

type Allocated = Pick<AbTestInput, "arms" | "metrics" | "allocation" | "adaptive">;

function checkAllocation({ arms, metrics, allocation, adaptive }: Allocated) {
  const keys = metrics.map(({ metric }) => keyOf(metric));
  if (allocation === "fixed") {
    if (adaptive === null) return;
    throw refuse(
      "allocation",
      'A fixed split has no adaptive shares. Set `allocation` to "adaptive", or leave out `adaptive`.',
    );
  }
  if (adaptive === null)
    throw refuse("adaptive", `Adaptive shares need a goal. Set \`adaptive.goal\` to one of: ${keys.join(", ")}.`);
  const { goal, floor, method } = adaptive;
  if (!keys.includes(goal))
    throw refuse(
      "adaptive.goal",
      `The goal "${goal}" is not a metric of this test. Choose one of: ${keys.join(", ")}.`,
    );
  if (floor * arms.length >= 1)
    throw refuse(
      "adaptive.floor",
      `A smallest share of ${percent(floor)} for ${arms.length} variants leaves nothing to adapt. Choose less than ${percent(1 / arms.length)}.`,
    );
  if (method === "top-two" && arms.length < 3)
    throw refuse(
      "adaptive.method",
      "Top-two always gives each of two variants half of the units. Use `thompson`, or add a third variant.",
    );
}

const percent = (share: number) => `${Number((share * 100).toFixed(1))} %`;

function checkArms({ arms, control }: Pick<AbTestInput, "arms" | "control">, { name, variants }: Compared) {
  const names = variants.map((variant) => variant.name);
  for (const [place, { variant }] of arms.entries()) {
    if (!names.includes(variant))
      throw refuse(
        `arms.${place}.variant`,
        `The endpoint "${name}" has no variant "${variant}". It has: ${names.join(", ")}.`,
      );
    if (arms.findIndex((arm) => arm.variant === variant) < place)
      throw refuse(`arms.${place}.variant`, `Two arms have the variant "${variant}". Use each variant once.`);
  }
  if (!arms.some(({ variant }) => variant === control))
    throw refuse("control", `The control "${control}" is not among the arms. Choose one of the arms.`);
  const total = arms.reduce((sum, { share }) => sum + share, 0);
  if (Math.abs(total - 1) > TOLERANCE)
    throw refuse("arms", `The shares add up to ${Number(total.toFixed(3))}. They must add up to 1.`);
}

const refuse = (param: string, message: string) => new AppError("unprocessable", { message, details: { param } });
