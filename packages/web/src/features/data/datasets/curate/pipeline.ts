import type { CurationChoice, CurationOutcome, CurationStep } from "@treadle/contract";
import { isFields } from "../../../../components/form/json-fields.ts";
import { fieldsOf, initialOf } from "../../../../components/form/schema-fields.ts";
import { moved } from "../../../../components/table/table-layout.ts";

/** A step in the pipeline; `key` distinguishes two steps of the same kind. */
export type PlannedStep = CurationChoice & { readonly key: string };
type Params = Readonly<Record<string, unknown>>;
export type Pipeline = readonly PlannedStep[];

/** Appends a step with its default parameters. */
export function withStep(pipeline: Pipeline, step: CurationStep): Pipeline {
  return [...pipeline, { key: freeKey(pipeline, step.stepId), stepId: step.stepId, params: initialOf(step.params) }];
}

/** The steps of a recipe as a pipeline. */
export function pipelineOf(steps: readonly CurationChoice[]): Pipeline {
  const pipeline: PlannedStep[] = [];
  for (const { stepId, params } of steps) pipeline.push({ key: freeKey(pipeline, stepId), stepId, params });
  return pipeline;
}

function freeKey(pipeline: Pipeline, stepId: string): string {
  const taken = new Set(pipeline.map(({ key }) => key));
  let number = 1;
  while (taken.has(`${stepId}-${number}`)) number += 1;
  return `${stepId}-${number}`;
}

export const moveStep = (pipeline: Pipeline, key: string, by: number): Pipeline => {
  const order = moved(
    pipeline.map((step) => step.key),
    key,
    by,
  );
  return order.flatMap((name) => pipeline.find((step) => step.key === name) ?? []);
};

export const choicesOf = (pipeline: Pipeline): readonly CurationChoice[] =>
  pipeline.map(({ stepId, params }) => ({ stepId, params }));

type Threshold = { readonly rule: string; readonly threshold: number | null };

/** The path of the parameter behind a threshold, so that its mark can be dragged. Undefined without a unique match. */
export function thresholdPath(
  schema: unknown,
  params: Params,
  { rule, threshold }: Threshold,
): readonly string[] | undefined {
  if (threshold === null) return undefined;
  const fields = fieldsOf(schema);
  for (const field of fields.filter(({ kind }) => kind === "limits")) {
    const side = sideOf(params[field.name] ?? field.initial, rule, threshold);
    if (side) return [field.name, rule, side];
  }
  const same = fields.filter(({ kind, name, initial }) => kind === "number" && (params[name] ?? initial) === threshold);
  return same.length === 1 && same[0] ? [same[0].name] : undefined;
}

function sideOf(limits: unknown, rule: string, threshold: number): "min" | "max" | undefined {
  const limit = isFields(limits) ? limits[rule] : undefined;
  if (!isFields(limit)) return undefined;
  return limit.min === threshold ? "min" : limit.max === threshold ? "max" : undefined;
}

/** The parameters with one number replaced. */
export function withNumber(params: Params, [name, ...rest]: readonly string[], value: number): Params {
  if (name === undefined) return params;
  const old = params[name];
  if (rest.length > 0) return { ...params, [name]: withNumber(isFields(old) ? old : {}, rest, value) };
  return { ...params, [name]: Number.isInteger(old) && Math.abs(value) > 2 ? Math.round(value) : value };
}

/** The side of its threshold that a rule removes: from its limit, or else from its samples. */
export function removedSide(
  samples: CurationOutcome["samples"],
  rule: string,
  path: readonly string[] | undefined,
): "below" | "above" | undefined {
  const side = path?.at(-1);
  if (side === "min") return "below";
  if (side === "max") return "above";
  const sample = samples.find((one) => one.rule === rule && one.value !== null && one.threshold !== null);
  if (!sample || sample.value === null || sample.threshold === null || sample.value === sample.threshold)
    return undefined;
  return sample.value < sample.threshold ? "below" : "above";
}
