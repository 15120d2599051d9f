import type { Columnar } from "../../../platform/columnar/port.ts";
import type { Datasets } from "../../datasets/index.ts";
import { createConsensus } from "../consensus/service.ts";
import type { AnnotationDeps } from "../deps.ts";
import { createPreferences } from "../preferences/service.ts";
import { createSelection, type SelectionDeps } from "../selection/service.ts";
import type { Annotation } from "../service.ts";
import { createFeedbackReader, type FeedbackReading } from "../to-data/read-feedback.ts";
import { createToData } from "../to-data/service.ts";

type HarvestDeps = Pick<AnnotationDeps, "db" | "ask" | "audit" | "clock" | "namesOf"> &
  FeedbackReading &
  Pick<SelectionDeps, "embed"> & {
    readonly columnar: Pick<Columnar, "select" | "insert">;
    readonly datasets: Pick<Datasets, "edits" | "whole">;
    readonly annotation: Pick<Annotation, "queues" | "adding">;
  };

/** What is made of what people said: one truth out of several answers, preferences, data, and what to ask them next. */
export function createHarvest({ annotation: { queues, adding }, ...base }: HarvestDeps) {
  const deps = { ...base, queues, adding, readFeedback: createFeedbackReader(base) };
  return {
    consensus: createConsensus(deps),
    preferences: createPreferences(deps),
    toData: createToData(deps),
    selection: createSelection(deps),
  };
}
export type Harvest = ReturnType<typeof createHarvest>;
