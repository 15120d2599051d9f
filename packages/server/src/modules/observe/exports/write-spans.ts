import type { SpanFilter } from "@treadle/contract";
import type { Clock } from "../../../kernel/clock.ts";
import { newId } from "../../../kernel/ids.ts";
import type { Objects } from "../../../platform/objects/port.ts";
import type { FileRow } from "./file-store.ts";
import type { ExportRow } from "./store.ts";

export type SpanFiles = {
  /** Null when more spans match the filter than fit in one file. */
  parquetOf(
    projectId: string,
    filter: SpanFilter,
    options: { isWithPayloads: boolean; signal: AbortSignal },
  ): Promise<{ rows: number; bytes: Buffer } | null>;
};
type Period = { readonly from: Date; readonly to: Date };
type Deps = {
  readonly objects: Pick<Objects, "put">;
  readonly files: SpanFiles;
  readonly clock: Clock;
  readonly signal: AbortSignal;
};

/** A time as short as this is not halved again. */
const SHORTEST_MS = 1_000;

/** Exports the spans of a period to one file, or several above the limit. A period without spans has none. */
export function createSpanWriter({ objects, files, clock, signal }: Deps) {
  async function write(row: ExportRow, { from, to }: Period): Promise<FileRow[]> {
    const filter = { filter: row.filter, from: from.toISOString(), to: to.toISOString() };
    const file = await files.parquetOf(row.projectId, filter, { isWithPayloads: row.includesContent, signal });
    if (file === null && to.getTime() - from.getTime() > SHORTEST_MS) {
      const middle = new Date(Math.floor((from.getTime() + to.getTime()) / 2));
      return [...(await write(row, { from, to: middle })), ...(await write(row, { from: middle, to }))];
    }
    if (file === null) throw new Error(`The second from ${filter.from} has more spans than one file can hold.`);
    if (file.rows === 0) return [];
    const { sha256, sizeBytes } = await objects.put(file.bytes);
    const now = clock.now();
    const { id: scheduledExportId, projectId } = row;
    const entry = { rows: file.rows, sizeBytes, sha256, createdAt: new Date(now) };
    return [{ id: newId("exp", now), projectId, scheduledExportId, from, to, ...entry }];
  }
  return { write };
}
