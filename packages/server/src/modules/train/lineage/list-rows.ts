import type { Item, LineageRow } from "@treadle/contract";
import { AppError, notFound } from "../../../kernel/errors.ts";
import { fromCursor, toCursor } from "../../../kernel/pages.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { LineageDeps } from "./deps.ts";
import { ifThere, mayRead } from "./graph.ts";

export type Asked = {
  readonly trainingRunId: string;
  readonly source: number;
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly signal: AbortSignal;
};
type Deps = Pick<LineageDeps, "training" | "datasets">;
/** Characters of a row that are shown. */
const MOST_CHARS = 200;

/** A page of the rows that a run received from one of its sources. Throws `not_found` with the name of deleted data. */
export async function listRunRows(
  { training, datasets }: Deps,
  scope: Scope,
  { trainingRunId, source: place, limit, cursor, signal }: Asked,
) {
  const run = await training.get(scope, trainingRunId);
  const source = run.data?.sources[place];
  if (!run.data) throw new AppError("unprocessable", { message: "The run has not read its data yet." });
  if (!source) throw notFound("source of this run", String(place));
  const { ref, datasetId, fileId, root } = source;
  const from = cursor === undefined ? 0 : Math.max(0, Math.trunc(Number(fromCursor(cursor, 1)[0])) || 0);
  const show = async (items: readonly Item[], splits: ReadonlySet<string | null>) => {
    const uses = await training.usesOf(scope, { run, source: place, splits }, items);
    return items.flatMap((item, at) => toRow(item, uses[at]) ?? []);
  };
  if (fileId !== null) {
    const read = await training.readFile(scope, fileId, { offset: from, limit, signal });
    const items = await show(read.slice(0, limit), await training.splitsOfFile(scope, fileId, signal));
    const nextCursor = read.length > limit ? toCursor([from + limit]) : null;
    return { items, nextCursor, ref, datasetId: null, version: null, total: null };
  }
  if (datasetId === null || root === null) throw notFound("dataset", ref);
  if (!mayRead(scope, "datasets:read"))
    throw new AppError("forbidden", {
      message: "The rows are in a dataset, which needs the permission datasets:read.",
    });
  const version = await ifThere(datasets.getVersion(scope, datasetId, root));
  if (!version)
    throw new AppError("not_found", {
      message: `The version of "${ref}" that the run used was deleted, together with its rows. Its root was ${root.slice(0, 12)}.`,
      details: { kind: "version", id: root },
    });
  const { rows: total, splits } = version.stats;
  const read = await datasets.listItems(scope, datasetId, { at: root, from, limit });
  const end = from + read.length;
  return {
    items: await show(read, new Set(splits.map(({ split }) => split))),
    nextCursor: read.length > 0 && end < total ? toCursor([end]) : null,
    ref,
    datasetId,
    version: version.version,
    total,
  };
}

const toRow = (
  { itemId, inputs, split, source }: Item,
  use: Pick<LineageRow, "use" | "reason"> | undefined,
): LineageRow | undefined => use && { itemId, preview: previewOf(inputs), ...use, split, source };

/** The last message, otherwise the first text, otherwise all of it as JSON. */
export function previewOf(inputs: Item["inputs"]): string {
  const messages: unknown = inputs.messages ?? inputs.prompt;
  const last: unknown = Array.isArray(messages) ? messages.at(-1) : undefined;
  const content = typeof last === "object" && last !== null && "content" in last ? last.content : undefined;
  const text = typeof content === "string" ? content : Object.values(inputs).find((value) => typeof value === "string");
  const whole = typeof text === "string" ? text : JSON.stringify(inputs);
  return whole.length > MOST_CHARS ? `${whole.slice(0, MOST_CHARS)}…` : whole;
}
