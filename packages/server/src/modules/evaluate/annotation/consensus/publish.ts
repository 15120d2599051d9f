import { createHash } from "node:crypto";
import type { ConsensusPublication, Draft, Item } from "@treadle/contract";
import type { Clock } from "../../../../kernel/clock.ts";
import { countOf } from "../../../../kernel/count-of.ts";
import { AppError } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Columnar } from "../../../../platform/columnar/port.ts";
import type { Datasets } from "../../../data/datasets/index.ts";
import type { Audit } from "../../../system/audit/index.ts";
import { promptOf, toolsOf } from "../evidence/read-content.ts";
import type { createConsensusFinder, Found } from "./find-consensus.ts";

export type PublishingDeps = {
  readonly columnar: Pick<Columnar, "insert">;
  readonly datasets: {
    readonly edits: Pick<Datasets["edits"], "addItems">;
    readonly whole: Pick<Datasets["whole"], "openDraft" | "readItems">;
  };
  readonly audit: Pick<Audit, "record">;
  readonly clock: Clock;
  readonly find: ReturnType<typeof createConsensusFinder>;
};
type Row = Found["items"][number];
type Published = { published: number; skipped: { reason: string; count: number }[]; draft: Draft | null };

/** Writes what is true where it is of use. */
export function createPublishing({ columnar, datasets, audit, clock, find }: PublishingDeps) {
  /** The newest score of a name counts, so publishing again corrects the earlier scores. */
  async function asScores(
    { projectId }: Scope,
    rows: readonly Row[],
    said: { name: string; comment: string; token: string },
  ) {
    const now = clock.now();
    const time = (now / 1_000).toFixed(6);
    const scores = rows.map(({ traceId, spanId, value }) => ({
      project_id: projectId,
      time,
      trace_id: traceId,
      span_id: spanId ?? "",
      name: said.name,
      source: "annotation",
      value: typeof value === "boolean" ? Number(value) : typeof value === "number" ? value : null,
      label: typeof value === "string" ? value : Array.isArray(value) ? value.join(", ") : "",
      comment: said.comment,
      received_at: now,
    }));
    if (scores.length > 0) await columnar.insert("scores", scores, { token: said.token });
  }

  async function intoDataset(scope: Scope, rows: readonly Row[], { to, question }: DatasetPublication): Promise<Draft> {
    const { datasetId, branch, field } = to;
    const { manifest } = await datasets.whole.openDraft(scope, { datasetId, branch });
    const own = new Map(
      rows.flatMap((row) => {
        const { source } = row.from;
        return source.datasetId === datasetId && source.itemId !== null ? [[source.itemId, row] as const] : [];
      }),
    );
    const withTruth = (item: Item, { value, confidence }: Row): Item =>
      field === "expected"
        ? { ...item, expected: value }
        : { ...item, metadata: { ...item.metadata, [question]: value, [`${question}Confidence`]: confidence } };
    const items: Item[] = [];
    const signal = AbortSignal.timeout(READ_MS);
    for await (const item of datasets.whole.readItems(scope, manifest, { signal })) {
      const row = own.get(item.itemId);
      if (row) items.push(withTruth(item, row));
    }
    for (const row of rows) if (row.from.source.datasetId !== datasetId) items.push(withTruth(newItem(row), row));
    const summary = `Added the consensus on ${countOf(items.length, "item")} to the question ${question}`;
    const step = { kind: "feedback" as const, summary, recipe: { consensus: { question, field } } };
    return (await datasets.edits.addItems(scope, { datasetId, branch }, { items, step })).draft;
  }

  return async function publish(scope: Scope, queueId: string, input: ConsensusPublication): Promise<Published> {
    const { items, question } = await find(scope, queueId, input);
    const { to, method, minConfidence } = input;
    const decided = items.filter(({ value }) => value !== null);
    const sure = decided.filter(({ confidence }) => confidence >= minConfidence);
    const placed = to.kind === "scores" ? sure.filter(({ traceId }) => traceId !== null) : sure;
    const skipped = [
      { reason: "Two answers are equally likely.", count: items.length - decided.length },
      { reason: `Its confidence is below ${minConfidence}.`, count: decided.length - sure.length },
      { reason: "It does not come from a trace.", count: sure.length - placed.length },
    ].filter(({ count }) => count > 0);
    if (placed.length === 0) throw nothingToPublish(items.length, skipped);
    let draft: Draft | null = null;
    if (to.kind === "scores") {
      const name = to.name ?? question.key;
      const token = tokenOf([queueId, name, method, placed.map(({ itemId, value }) => [itemId, value])]);
      await asScores(scope, placed, { name, comment: `By ${method} from annotators' answers`, token });
    } else draft = await intoDataset(scope, placed, { to, question: question.key });
    const details = { question: question.key, method, to: to.kind, published: placed.length };
    await audit.record(scope, { action: "annotation-queue.publish", target: queueId, details });
    return { published: placed.length, skipped, draft };
  };
}
type DatasetPublication = {
  readonly to: Extract<ConsensusPublication["to"], { kind: "dataset" }>;
  readonly question: string;
};

const READ_MS = 120_000;

/** The same answers published twice are there once. */
const tokenOf = (content: unknown) => `consensus:${createHash("sha256").update(JSON.stringify(content)).digest("hex")}`;

const newItem = ({ from: { itemId, source, content, answers } }: Row): Item => ({
  itemId: `annotated-${itemId}`,
  inputs: {
    messages: promptOf(content),
    ...(toolsOf(content) && { tools: toolsOf(content) }),
    ...Object.fromEntries(content.fields.filter(({ key }) => key === "output").map(({ key, value }) => [key, value])),
  },
  expected: null,
  split: null,
  metadata: { sourceIds: [itemId, ...answers.map(({ answerId }) => answerId)] },
  source: {
    kind: "feedback",
    ...(source.traceId && { traceId: source.traceId }),
    ...(source.spanId && { spanId: source.spanId }),
  },
});

const nothingToPublish = (items: number, skipped: Published["skipped"]) =>
  new AppError("unprocessable", {
    message:
      items === 0
        ? "This question has no answers yet."
        : `None of the ${items} items can be published: ${skipped.map(({ reason, count }) => `${count}: ${reason}`).join(" ")}`,
    details: { skipped },
  });
