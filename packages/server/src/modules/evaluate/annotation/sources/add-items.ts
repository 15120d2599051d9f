import type { AnnotationItemsAdded, AnnotationItemsInput, AnnotationQuestion } from "@treadle/contract";
import { annotationFieldText } from "@treadle/contract";
import { newId } from "../../../../kernel/ids.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import { storableJson, storableText } from "../../experiments/index.ts";
import { GOLD_OVERLAP } from "../answers/change-item.ts";
import type { AnnotationDeps } from "../queues/deps.ts";
import { whyNothingToAsk } from "../queues/questions.ts";
import type { Queues } from "../queues/queues-service.ts";
import { createItemStore, type NewItem } from "../stores/item-store.ts";
import { createQueueStore, type QueueRow } from "../stores/queue-store.ts";
import { fromCustom } from "./from-custom.ts";
import { fromDataset } from "./from-dataset.ts";
import { fromGuardFindings } from "./from-guard-findings.ts";
import { fromComparison, fromRun } from "./from-runs.ts";
import { fromSessions } from "./from-sessions.ts";
import { fromSpans } from "./from-spans.ts";
import type { Arriving, Incoming } from "./incoming.ts";
import { checkSuggests } from "./suggest.ts";

type Deps = Pick<AnnotationDeps, "db" | "clock" | "random" | "audit" | "traces" | "datasets" | "runs" | "findings"> & {
  readonly queues: Pick<Queues, "find" | "questionsOf">;
};
/** Common settings of all items that are added together. */
export type Placing = {
  readonly queue: QueueRow;
  readonly questions: readonly AnnotationQuestion[];
  readonly priority: number;
  readonly reason: string;
  readonly ruleId: string | null;
};

const BATCH = 100;
const BATCH_CHARACTERS = 4_000_000;
const MOST_CHARACTERS = 2_000_000;
const PREVIEW = 300;

/** Turns incoming items into rows of a queue, with an id and a place in its order. */
function createItemMaking({ clock, random }: Pick<Deps, "clock" | "random">) {
  let [lastPlace, lastId] = [0, 0];

  function placeOf({ order }: QueueRow): number {
    if (order === "random") return random();
    lastPlace = Math.max(lastPlace + 1, clock.now() * 1_000);
    return lastPlace;
  }

  /** Ids are in order of addition, also within one call. */
  function nextId(): string {
    lastId = Math.max(lastId + 1, clock.now());
    return newId("item", lastId);
  }

  return function toNew(incoming: Incoming, { queue, priority, reason, ruleId }: Placing): NewItem {
    const { source, content, metadata, suggestion, gold, tolerance, inclusionProbability } = incoming;
    return {
      id: nextId(),
      source,
      sourceKey: storableText(source.key),
      content,
      metadata,
      suggestion,
      preview: previewOf(content),
      rank: -(incoming.priority ?? priority),
      place: placeOf(queue),
      reason: storableText(incoming.reason ?? reason),
      ruleId,
      inclusionProbability,
      gold,
      tolerance,
      isGold: gold !== null,
      overlap: gold === null ? queue.overlap : GOLD_OVERLAP,
    };
  };
}

/** Adds items to queues. Their content is stored as it is now. */
export function createItemAdding({ db, clock, random, audit, queues, ...sources }: Deps) {
  const toNew = createItemMaking({ clock, random });

  /** Writes items down as they come, some at a time. */
  async function bring(arriving: Arriving, placing: Placing): Promise<AnnotationItemsAdded> {
    const { projectId, id: queueId } = placing.queue;
    const counts = { added: 0, present: 0, skipped: 0 };
    let batch: string[] = [];
    let characters = 0;
    async function write() {
      const added = await createItemStore(db).add({ projectId, queueId }, `[${batch.join()}]`, new Date(clock.now()));
      counts.added += added;
      counts.present += batch.length - added;
      [batch, characters] = [[], 0];
    }
    for await (const incoming of arriving.items) {
      const nothing = incoming === null || whyNothingToAsk(placing.questions, incoming.content) !== null;
      const text = nothing ? "" : storableJson(toNew(incoming, placing));
      if (nothing || text.length > MOST_CHARACTERS) {
        counts.skipped += 1;
        continue;
      }
      batch.push(text);
      characters += text.length;
      if (batch.length >= BATCH || characters >= BATCH_CHARACTERS) await write();
    }
    if (batch.length > 0) await write();
    if (counts.added > 0)
      await createQueueStore(db).update(projectId, queueId, { itemsChangedAt: new Date(clock.now()) });
    return { ...counts, matching: arriving.matching };
  }

  return {
    bring,

    async add(scope: Scope, queueId: string, input: AnnotationItemsInput): Promise<AnnotationItemsAdded> {
      const queue = await queues.find(scope, queueId);
      const questions = await queues.questionsOf(queue);
      const arriving = await open(sources, scope, { input, questions });
      const { priority, reason } = input;
      const added = await bring(arriving, { queue, questions, priority, reason, ruleId: null });
      const details = { from: input.from, added: added.added };
      await audit.record(scope, { action: "annotation-queue.items", target: queueId, details });
      return added;
    },
  };
}
export type ItemAdding = ReturnType<typeof createItemAdding>;

type Order = { readonly input: AnnotationItemsInput; readonly questions: readonly AnnotationQuestion[] };
type Sources = Pick<AnnotationDeps, "traces" | "datasets" | "runs" | "findings">;

function open(sources: Sources, scope: Scope, { input, questions }: Order): Arriving | Promise<Arriving> {
  switch (input.from) {
    case "custom":
      return fromCustom(questions, input);
    case "spans":
      checkSuggests(questions, input.suggest);
      return fromSpans(sources, scope, { input, questions });
    case "sessions":
      return fromSessions(sources, scope, input);
    case "dataset":
      return fromDataset(sources, scope, input);
    case "run":
      checkSuggests(questions, input.suggest);
      return fromRun(sources, scope, { input, questions });
    case "comparison":
      return fromComparison(sources, scope, input);
    case "guard-findings":
      return fromGuardFindings(sources, scope, { input, questions });
    default:
      return input satisfies never;
  }
}

/** The beginning of an item's content, in one line. */
function previewOf({ fields, candidates }: Incoming["content"]): string {
  const all = [...fields, ...candidates.flatMap((candidate) => candidate.fields)];
  const text = all.map((field) => annotationFieldText(field).slice(0, PREVIEW)).join(" · ");
  return storableText(text.replaceAll(/\s+/g, " ").trim().slice(0, PREVIEW));
}
