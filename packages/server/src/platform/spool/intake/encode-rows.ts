import { setImmediate as yieldToOthers } from "node:timers/promises";
import { layRecord, type UnsealedRecord } from "../segments/record.ts";

/** A record holds a few hundred kilobytes: long enough to cost little, short enough to encode without holding other requests up. */
const RECORD_CHARACTERS = 256 * 1024;
const RECORD_ROWS = 500;

/**
 * Encodes rows as records, and yields to other work in between. `onBadRow` gets a row that JSON cannot express, and may
 * throw to reject all rows.
 */
export async function encodeRows(
  table: string,
  rows: readonly object[],
  onBadRow: (error: unknown) => void,
): Promise<UnsealedRecord[]> {
  const records: UnsealedRecord[] = [];
  for (let next = 0; next < rows.length; ) {
    if (next > 0) await yieldToOthers();
    const lines: string[] = [];
    let characters = 0;
    while (next < rows.length && lines.length < RECORD_ROWS && characters < RECORD_CHARACTERS) {
      const line = encodeRow(rows[next++], onBadRow);
      if (line === null) continue;
      lines.push(line);
      characters += line.length;
    }
    if (lines.length > 0) records.push(layRecord(table, lines));
  }
  return records;
}

/** A row as one line of JSON. Null if that is impossible; `onBadRow` then got the reason. */
export function encodeRow(row: object | undefined, onBadRow: (error: unknown) => void): string | null {
  try {
    const line: string | undefined = JSON.stringify(row);
    if (line?.startsWith("{")) return line;
    throw new TypeError("a row must encode as a JSON object");
  } catch (error) {
    onBadRow(error);
    return null;
  }
}
