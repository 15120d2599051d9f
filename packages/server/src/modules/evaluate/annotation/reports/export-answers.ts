import type { AnnotationItem, AnnotationQuestion, EXPORT_SHAPES } from "@treadle/contract";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { csvCell } from "../../experiments/index.ts";
import type { Queues } from "../queues/queues-service.ts";
import { checkMayReview } from "../queues/rights.ts";
import { createItemPageStore } from "./item-page-store.ts";
import type { ItemReads } from "./items.ts";
import { toTask } from "./label-studio.ts";

type Shape = (typeof EXPORT_SHAPES)[number];
type Deps = {
  readonly db: Postgres;
  readonly queues: Pick<Queues, "find" | "questionsOf">;
  readonly items: Pick<ItemReads, "describe">;
};
export type Exported = { readonly name: string; readonly contentType: string; readonly chunks: AsyncIterable<string> };

const PAGE = 100;
const TYPES: Readonly<Record<Shape, readonly [ending: string, contentType: string]>> = {
  jsonl: ["jsonl", "application/x-ndjson"],
  csv: ["csv", "text/csv; charset=utf-8"],
  "label-studio": ["json", "application/json"],
};

/** All items and answers of a queue as a file. */
export function createAnnotationExport({ db, queues, items }: Deps) {
  async function* readAll(scope: Scope, queueId: string): AsyncGenerator<AnnotationItem> {
    const store = createItemPageStore(db);
    for (let after = ""; ; ) {
      const page = await store.list(queueId, { gold: "any", search: "" }, { limit: PAGE, after });
      for (const row of page) yield items.describe(scope, row);
      const last = page.at(-1);
      if (!last) return;
      after = last.id;
    }
  }

  /** Throws before anything is written. */
  return async function open(scope: Scope, queueId: string, shape: Shape): Promise<Exported> {
    const queue = await queues.find(scope, queueId);
    checkMayReview(scope, queue);
    const questions = await queues.questionsOf(queue);
    const [ending, contentType] = TYPES[shape];
    const all = readAll(scope, queueId);
    const chunks = shape === "jsonl" ? toLines(all) : shape === "csv" ? toCsv(questions, all) : toTasks(questions, all);
    return { name: `${queue.name.replaceAll(/[^\w.-]+/g, "-")}.${ending}`, contentType, chunks };
  };
}

async function* toLines(items: AsyncIterable<AnnotationItem>): AsyncGenerator<string> {
  for await (const item of items) yield `${JSON.stringify(item)}\n`;
}

/** A line per answer that counts, and one per item without answers. */
async function* toCsv(
  questions: readonly AnnotationQuestion[],
  items: AsyncIterable<AnnotationItem>,
): AsyncGenerator<string> {
  const keys = questions.map(({ key }) => key);
  const facts = ["itemId", "source", "status", "agreement", "preview", "annotator", "answer", "comment", "msActive"];
  const head = [
    ...facts,
    "guidelineVersion",
    "questionsVersion",
    "createdAt",
    ...keys,
    ...keys.map((key) => `settled ${key}`),
  ];
  yield `${head.map(csvCell).join(",")}\r\n`;
  for await (const { itemId, source, status, agreement, preview, answers, adjudications } of items) {
    const settled = keys.map((key) => adjudications[0]?.answers[key]);
    const own = [itemId, source.key, status, agreement, preview];
    const current = answers.filter(({ isCurrent }) => isCurrent);
    for (const answer of current.length === 0 ? [null] : current) {
      const columns = [answer?.annotator.name, answer?.status, answer?.comment, answer?.msActive];
      const versions = [answer?.guidelineVersion, answer?.questionsVersion, answer?.createdAt];
      const values = keys.map((key) => answer?.answers[key]);
      yield `${[...own, ...columns, ...versions, ...values, ...settled].map(csvCell).join(",")}\r\n`;
    }
  }
}

async function* toTasks(
  questions: readonly AnnotationQuestion[],
  items: AsyncIterable<AnnotationItem>,
): AsyncGenerator<string> {
  let before = "[";
  for await (const item of items) {
    yield `${before}\n${JSON.stringify(toTask(questions, item))}`;
    before = ",";
  }
  yield before === "[" ? "[]\n" : "\n]\n";
}
