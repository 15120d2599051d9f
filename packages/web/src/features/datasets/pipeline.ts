import type { CurationChoice, CurationOutcome, CurationStep } from "@treadle/contract";
import { moved } from "../../components/table-layout.ts";
import { fieldsOf, initialOf } from "./schema-fields.ts";

/** A step that is planned; `key` tells two of the same kind apart. */
export type PlannedStep = CurationChoice & { readonly key: string };
export type Pipeline = readonly PlannedStep[];

/** The pipeline with one more step at its end, with the defaults of the step. */
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

/**
 * The parameter that a threshold was taken from, so that its mark can be dragged: the one number of the step that is
 * the same. Undefined where there is none, or more than one.
 */
export function thresholdParam(
  schema: unknown,
  params: Readonly<Record<string, unknown>>,
  threshold: number | null,
): string | undefined {
  if (threshold === null) return undefined;
  const same = fieldsOf(schema).filter(
    ({ kind, name, initial }) => kind === "number" && (params[name] ?? initial) === threshold,
  );
  return same.length === 1 ? same[0]?.name : undefined;
}

/** Which side of its threshold a rule removes, as its samples show; undefined where they do not. */
export function removedSide(samples: CurationOutcome["samples"], rule: string): "below" | "above" | undefined {
  const sample = samples.find((one) => one.rule === rule && one.value !== null && one.threshold !== null);
  if (!sample || sample.value === null || sample.threshold === null || sample.value === sample.threshold)
    return undefined;
  return sample.value < sample.threshold ? "below" : "above";
}
