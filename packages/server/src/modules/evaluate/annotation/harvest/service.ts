import type { Columnar } from "../../../../platform/columnar/port.ts";
import type { Datasets } from "../../../data/datasets/index.ts";
import { createConsensus } from "../consensus/service.ts";
import { createFeedbackReader, type FeedbackReading } from "../evidence/read-feedback.ts";
import { createPreferences } from "../preferences/service.ts";
import type { AnnotationDeps } from "../queues/deps.ts";
import type { Queues } from "../queues/queues-service.ts";
import { createSelection, type SelectionDeps } from "../selection/service.ts";
import type { ItemAdding } from "../sources/add-items.ts";
import { createToData } from "../to-data/service.ts";

export type HarvestDeps = Pick<AnnotationDeps, "db" | "ask" | "audit" | "clock" | "namesOf"> &
  FeedbackReading &
  Pick<SelectionDeps, "embed"> & {
    readonly columnar: Pick<Columnar, "select" | "insert">;
    readonly datasets: Pick<Datasets, "edits" | "whole">;
    readonly annotation: { readonly queues: Queues; readonly adding: ItemAdding };
  };

/** The results of annotation: one truth from several answers, preferences, data, and the next items to label. */
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
