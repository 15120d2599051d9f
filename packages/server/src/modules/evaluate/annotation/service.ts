import { createAdjudication } from "./answers/adjudicate-item.ts";
import { createAnswering } from "./answers/answer-item.ts";
import { createItemChanges } from "./answers/change-item.ts";
import { createDiscussion } from "./answers/discuss-items.ts";
import { createLeases } from "./answers/lease-items.ts";
import { createMyAnswers } from "./answers/my-answers.ts";
import { createUndo } from "./answers/undo-answer.ts";
import type { AnnotationDeps } from "./queues/deps.ts";
import { createQueues } from "./queues/queues-service.ts";
import { createAgreement } from "./reports/agreement.ts";
import { createAnnotationExport } from "./reports/export-answers.ts";
import { createItemReads } from "./reports/items.ts";
import { createProgress } from "./reports/progress.ts";
import { createQuality } from "./reports/quality.ts";
import { createRules } from "./rules/rules-service.ts";
import { createItemAdding } from "./sources/add-items.ts";

/** Annotation: queues, their items, answers, and reports. */
export function createAnnotation(base: AnnotationDeps) {
  const queues = createQueues(base);
  const deps = { ...base, queues };
  const leases = createLeases(deps);
  const adding = createItemAdding(deps);
  const items = createItemReads(deps);
  return {
    queues,
    adding,
    leases,
    items,
    rules: createRules({ ...deps, adding }),
    discussion: createDiscussion(deps),
    ...createAnswering(deps),
    undo: createUndo(deps),
    listMine: createMyAnswers(deps),
    adjudicate: createAdjudication(deps),
    changeItem: createItemChanges(deps),
    progress: createProgress(deps),
    agreement: createAgreement(deps),
    quality: createQuality(deps),
    export: createAnnotationExport({ ...deps, items }),
  };
}
export type Annotation = ReturnType<typeof createAnnotation>;
