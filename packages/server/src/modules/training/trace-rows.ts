import type { Item, RowUse, TrainingRun } from "@treadle/contract";
import { AppError, notFound } from "../../kernel/errors.ts";
import type { Scope } from "../../kernel/scope.ts";
import { sidesOfSource } from "./data/choose-side.ts";
import { isTrainingFormat, rowOfItem } from "./data/row-of-item.ts";
import type { TrainingDeps } from "./deps.ts";
import { createFileStore } from "./file-store.ts";
import { readFileItems } from "./fine-tuning/file-items.ts";
import { createMadeStore, type RunRow } from "./store.ts";

type Place = { readonly offset: number; readonly limit: number; readonly signal: AbortSignal };
/** A file's rows never change, so what splits it has is read once. */
const MOST_KNOWN = 200;

/** Which runs were given which rows, and what they did with them. */
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

    /** What a run does with each row of one of its sources, as it decided when it was prepared: nothing of it hangs on chance. */
    createUse(
      { config, data }: Pick<TrainingRun, "config" | "data">,
      place: number,
      splits: ReadonlySet<string | null>,
    ): (item: Item) => RowUse {
      const sideOf = sidesOfSource(config, place, splits);
      const format = data?.format;
      return (item) => {
        const side = sideOf(item);
        if (side === null) return "left out";
        if (isTrainingFormat(format) && !isOfFormat(item, format)) return "skipped";
        return side === "val" ? "held out" : "trained";
      };
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

    /** Rows of a file from a place on, one more than asked for where there is one. Throws `not_found` when it was deleted. */
    async readFile(scope: Scope, fileId: string, { offset, limit, signal }: Place): Promise<Item[]> {
      const row = await fileOf(scope, fileId);
      const found: Item[] = [];
      let at = 0;
      for await (const item of readFileItems(objects, row, signal)) {
        if (at++ < offset) continue;
        found.push({ ...item, source: { ...item.source, file: row.name } });
        if (found.length > limit) break;
      }
      return found;
    },
  };
}

function isOfFormat(item: Item, format: Parameters<typeof rowOfItem>[1]): boolean {
  try {
    rowOfItem(item, format);
    return true;
  } catch (error) {
    if (error instanceof AppError && error.code === "unprocessable") return false;
    throw error;
  }
}
