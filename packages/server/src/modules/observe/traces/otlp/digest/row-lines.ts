import type { EncodedRows } from "../../../../../platform/spool/port.ts";

/** As long as the spool's own records: long enough to cost little, short enough that nothing waits for it. */
const RECORD_BYTES = 512 * 1024;
const RECORD_ROWS = 500;
const SMALLEST_BYTES = 8 * 1024;
/** A UTF-16 code unit takes at most this many bytes in UTF-8. */
const MOST_BYTES_A_UNIT = 3;
const LINE_FEED = 0x0a;

/** Writes rows of a table as lines of JSON into separate buffers, which can be transferred to another thread. */
export function createRowLines(table: string, expectedBytes: number) {
  const full: EncodedRows[] = [];
  const capacity = Math.min(RECORD_BYTES, Math.max(SMALLEST_BYTES, expectedBytes));
  let slab: Buffer | null = null;
  let end = 0;
  let rows = 0;

  function close(): void {
    if (slab && rows > 0) full.push({ table, lines: slab.subarray(0, end), rows });
    slab = null;
    end = 0;
    rows = 0;
  }

  function hasRoom(line: string): boolean {
    if (slab === null) return false;
    const room = slab.length - end - 1;
    return line.length * MOST_BYTES_A_UNIT <= room || Buffer.byteLength(line) <= room;
  }

  return {
    add(line: string): void {
      if (rows === RECORD_ROWS || !hasRoom(line)) close();
      slab ??= Buffer.allocUnsafeSlow(Math.max(capacity, Buffer.byteLength(line)));
      if (rows > 0) slab[end++] = LINE_FEED;
      end += slab.write(line, end);
      rows += 1;
    },
    finish(): readonly EncodedRows[] {
      close();
      return full;
    },
  };
}
