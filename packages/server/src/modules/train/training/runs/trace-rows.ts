import type { Item, LeftOutReason, RowUse, TrainingRun } from "@treadle/contract";
import { AppError, notFound } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import { createPromptReader } from "../data/apply-prompt.ts";
import { sidesOfSource } from "../data/choose-side.ts";
import { readFileItems } from "../data/file-items.ts";
import { isTrainingFormat, rowOfItem } from "../data/row-of-item.ts";
import type { TrainingDeps } from "../stores/deps.ts";
import { createFileStore } from "../stores/file-store.ts";
import { createLeftOutStore } from "../stores/left-out-store.ts";
import { createMadeStore, createRunStore, type RunRow } from "../stores/store.ts";

type Place = { readonly offset: number; readonly limit: number; readonly signal: AbortSignal };
type SourceOfRun = {
  readonly run: Pick<TrainingRun, "trainingRunId" | "config" | "data">;
  readonly source: number;
  readonly splits: ReadonlySet<string | null>;
};
/** `reason`: why the trainer left the row out, null unless it did. */
type UseOfRow = { readonly use: RowUse; readonly reason: LeftOutReason | null };
/** A file's rows never change, so what splits it has is read once. */
const MOST_KNOWN = 200;

/** The runs that received rows, and their use of them. */
export function createRowTracing(
  { db, objects }: Pick<TrainingDeps, "db" | "objects">,
  present: (rows: readonly RunRow[]) => Promise<TrainingRun[]>,
) {
  const known = new Map<string, ReadonlySet<string | null>>();

  async function fileOf({ projectId }: Scope, fileId: string) {
    const row = await createFileStore(db).find(projectId, fileId);
    if (!row) throw notFound("file", fileId);
    return row;
  }

  return {
    /** Runs that were given rows of a dataset, newest first; with a root, of just that version of it. */
    listMadeOf: async (
      { projectId }: Scope,
      data: { readonly datasetId: string; readonly root: string | null },
      limit: number,
    ) => present(await createMadeStore(db).listMadeOf(projectId, data, limit)),

    /**
     * The use of one source's rows by a run, in order. Sides are computed again as in the preparation, which is
     * deterministic. The trainer's skipped rows come from its events.
     */
    async usesOf(
      { projectId }: Scope,
      { run: { trainingRunId, config, data }, source, splits }: SourceOfRun,
      items: readonly Item[],
    ): Promise<UseOfRow[]> {
      const sideOf = sidesOfSource(config, source, splits);
      const format = data?.format;
      const dataset = config.datasets[source];
      const shape = dataset ? createPromptReader(dataset) : (item: Item) => item;
      const isThere = (await createRunStore(db).find(projectId, trainingRunId)) !== undefined;
      const ids = isThere ? items.map(({ itemId }) => itemId) : [];
      const reasons = await createLeftOutStore(db).reasonsOf({ runId: trainingRunId, source }, ids);
      return items.map((item) => {
        const side = sideOf(item);
        if (side === null) return { use: "left out", reason: null };
        if (isTrainingFormat(format) && !isOfFormat(() => shape(item), format)) return { use: "skipped", reason: null };
        const reason = reasons.get(item.itemId);
        if (reason !== undefined) return { use: "filtered", reason };
        return { use: side === "val" ? "held out" : "trained", reason: null };
      });
    },

    hasFile: async ({ projectId }: Scope, fileId: string): Promise<boolean> =>
      (await createFileStore(db).find(projectId, fileId)) !== undefined,

    /** The splits of a file's rows. */
    async splitsOfFile(scope: Scope, fileId: string, signal: AbortSignal): Promise<ReadonlySet<string | null>> {
      const row = await fileOf(scope, fileId);
      const there = known.get(row.object);
      if (there) return there;
      const splits = new Set<string | null>();
      for await (const { split } of readFileItems(objects, row, signal)) splits.add(split);
      if (known.size >= MOST_KNOWN) known.clear();
      known.set(row.object, splits);
      return splits;
    },

    /**
     * Rows of a file from an index on, one more than requested if available. Throws `not_found` if the file was
     * deleted.
     */
    async readFile(scope: Scope, fileId: string, { offset, limit, signal }: Place): Promise<Item[]> {
      const row = await fileOf(scope, fileId);
      const items: Item[] = [];
      let at = 0;
      for await (const item of readFileItems(objects, row, signal)) {
        if (at++ < offset) continue;
        items.push({ ...item, source: { ...item.source, file: row.name } });
        if (items.length > limit) break;
      }
      return items;
    },
  };
}

function isOfFormat(read: () => Item, format: Parameters<typeof rowOfItem>[1]): boolean {
  try {
    rowOfItem(read(), format);
    return true;
  } catch (error) {
    if (error instanceof AppError && error.code === "unprocessable") return false;
    throw error;
  }
}
