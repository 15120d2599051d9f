import type { AbTestInput, Endpoint } from "@treadle/contract";
import { AppError } from "../../../kernel/errors.ts";
import { checkMeasures, checkStrategy, checkUnit } from "../comparisons/index.ts";

type Compared = Pick<Endpoint, "name" | "variants" | "assignBy" | "strategy">;
/** Shares are typed with few digits: a third is 0.333. */
const TOLERANCE = 0.002;

/** Throws `unprocessable` for a test that could not run, with the field and what to do. */
export function checkTest(input: AbTestInput, endpoint: Compared): void {
  checkArms(input, endpoint);
  checkStrategy(endpoint);
  checkUnit(input.unit, endpoint);
  checkMeasures(input.metrics, "metrics");
}

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
