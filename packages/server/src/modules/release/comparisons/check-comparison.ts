import type { AssignBy, Endpoint } from "@treadle/contract";
import { AppError } from "../../../kernel/errors.ts";
import { keyOf, type Measure } from "./measure.ts";

/** A request without the unit is assigned by the next in this order. */
const LADDER: readonly AssignBy[] = ["user", "session", "conversation", "key", "request"];

/** Throws for an endpoint whose shares depend on measurements. */
export function checkStrategy({ name, strategy }: Pick<Endpoint, "name" | "strategy">) {
  if (strategy === "weight") return;
  throw refuse(
    "endpointId",
    `The endpoint "${name}" chooses variants by ${strategy}. A comparison needs fixed shares: set the strategy to weight.`,
  );
}

/** Throws for a unit that no request of the endpoint has. */
export function checkUnit(unit: AssignBy, { name, assignBy }: Pick<Endpoint, "name" | "assignBy">) {
  if (assignBy === "auto" || LADDER.indexOf(unit) >= LADDER.indexOf(assignBy)) return;
  throw refuse(
    "unit",
    `The endpoint "${name}" assigns variants by ${assignBy}, so no request counts as a ${unit}. Choose the unit ${assignBy}, or change the endpoint's assignment.`,
  );
}

/** Throws for a metric that is used twice, or whose direction is impossible. */
export function checkMeasures(measures: readonly Measure[], param: string) {
  const keys = measures.map(({ metric }) => keyOf(metric));
  const repeated = keys.findIndex((key, place) => keys.indexOf(key) < place);
  if (repeated !== -1)
    throw refuse(`${param}.${repeated}.metric`, `Two entries have the metric ${keys[repeated]}. Use each metric once.`);
  const place = measures.findIndex(({ metric, direction }) => metric.kind !== "score" && direction === "higher");
  if (place !== -1)
    throw refuse(
      `${param}.${place}.direction`,
      `Lower is better for ${keys[place]}. Only a score can be better when it is higher.`,
    );
}

const refuse = (param: string, message: string) => new AppError("unprocessable", { message, details: { param } });
