import { createItemAdding } from "./add-items.ts";
import { createAdjudication } from "./adjudicate-item.ts";
import { createAnswering } from "./answer-item.ts";
import { createItemChanges } from "./change-item.ts";
import type { AnnotationDeps } from "./deps.ts";
import { createDiscussion } from "./discuss-items.ts";
import { createLeases } from "./lease-items.ts";
import { createMyAnswers } from "./my-answers.ts";
import { createQueues } from "./queues-service.ts";
import { createAgreement } from "./reports/agreement.ts";
import { createAnnotationExport } from "./reports/export-answers.ts";
import { createItemReads } from "./reports/items.ts";
import { createProgress } from "./reports/progress.ts";
import { createQuality } from "./reports/quality.ts";
import { createRules } from "./rules/rules-service.ts";
import { createUndo } from "./undo-answer.ts";

/** What people say of items that they are given: queues, their items, answers, and what is told of them. */
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
