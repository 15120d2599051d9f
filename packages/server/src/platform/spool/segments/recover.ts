import { readdir, readFile, truncate, unlink } from "node:fs/promises";
import { join } from "node:path";
import type { Log } from "../../../kernel/log.ts";
import type { Position } from "./position.ts";
import { scanRecords } from "./scan.ts";
import { readSegmentId, SEGMENT_HEADER_BYTES, type Segment, segmentName, segmentNumber } from "./segment.ts";

export type Recovered = {
  /** Oldest first, all with something left to deliver. */
  readonly segments: Segment[];
  /** Higher than any number used before. */
  readonly nextNumber: number;
  /** When the oldest row that is not delivered was written; milliseconds since 1970. */
  readonly oldestTime: number | null;
};

/** Reads what a former run left: removes what is delivered and cuts off a torn end. Damage in the middle waits for the delivery to come by. */
export async function recoverSegments(folder: string, saved: Position | null, log: Log): Promise<Recovered> {
  const names = await readdir(folder);
  const numbers = names.flatMap((name) => segmentNumber(name) ?? []).sort((a, b) => a - b);
  const segments: Segment[] = [];
  let oldestTime: number | null = null;
  for (const number of numbers) {
    const doneTo =
      number < (saved?.segment ?? 0) ? Number.POSITIVE_INFINITY : number === saved?.segment ? saved.offset : 0;
    const found = await recoverSegment({ number, path: join(folder, segmentName(number)), doneTo, log });
    if (!found) continue;
    segments.push(found.segment);
    oldestTime ??= found.oldestTime;
  }
  return { segments, nextNumber: Math.max(0, saved?.segment ?? 0, ...numbers) + 1, oldestTime };
}

async function recoverSegment({
  number,
  path,
  doneTo,
  log,
}: {
  number: number;
  path: string;
  doneTo: number;
  log: Log;
}) {
  const whole = doneTo === Number.POSITIVE_INFINITY ? Buffer.alloc(0) : await readFile(path);
  const content = whole.subarray(0, endOfWritten(whole));
  const start = Math.max(doneTo, SEGMENT_HEADER_BYTES);
  const { records, tornFrom } = scanRecords(content, start, number);
  const size = tornFrom ?? content.length;
  if (size <= start) {
    await unlink(path);
    return null;
  }
  if (size < content.length) {
    log.warn(
      { segment: number, bytes: content.length - size },
      "removed the incomplete end of a spool segment: a write that was never acknowledged",
    );
  }
  if (size < whole.length) await truncate(path, size);
  const pendingRows = records.reduce((rows, record) => rows + record.rows, 0);
  const segment: Segment = { number, id: readSegmentId(content), path, size, pendingRows };
  return { segment, oldestTime: records[0]?.time ?? null };
}

/** Only zeros follow: preallocated space. No record ends with a zero, since its rows are JSON. */
function endOfWritten(content: Buffer): number {
  let end = content.length;
  while (end > 0 && content[end - 1] === 0) end -= 1;
  return end;
}
