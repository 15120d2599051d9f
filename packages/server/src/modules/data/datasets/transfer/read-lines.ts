import { isUtf8 } from "node:buffer";
import type { EncodedRow, RowEncoder } from "../chunks/item-hash.ts";
import { FILE_LIMITS } from "../files/limits.ts";
import { parseRow } from "../files/parse-row.ts";
import { isBlank, readJsonl } from "../files/read-jsonl.ts";
import { shapeOf } from "../shapes/find-shape.ts";
import { countLines } from "./cut-stripes.ts";
import { type createItemReader, noteError, type Tally } from "./import-items.ts";
import type { ResolvedReading } from "./inspect-file.ts";
import { takenId } from "./preview-file.ts";
import { createDraftReader } from "./read-drafts.ts";
import {
  draftOf,
  type Filling,
  fillIn,
  type LinePlace,
  learnPattern,
  matchPattern,
  placeOfSlash,
  type RowPattern,
} from "./row-pattern.ts";

const NEWLINE = 0x0a;
const RETURN = 0x0d;
/** The number of patterns that a line is compared with. */
const MOST_PATTERNS = 6;
/** The result of a longer line can be larger than an item, and is then reported by its line. */
const MOST_LENGTH = 1024 * 1024;
/** Where so many more lines fitted none than did, patterns cost more than they save. */
const MOST_MISSES = 200;

export type LineSink = {
  readonly encoder: RowEncoder;
  readonly readInto: ReturnType<typeof createItemReader>;
  /** Receives each valid row. `ownLine` is the line of a row with its own id, otherwise zero. */
  readonly add: (row: EncodedRow, ownLine: number) => void;
  readonly tally: Tally;
};

/** The last few patterns, the last match first. */
function createPatterns() {
  const patterns: RowPattern[] = [];
  const filling: Filling = [];
  return {
    /** For the last matching line. */
    filling,
    find(line: LinePlace): RowPattern | null {
      for (const [place, pattern] of patterns.entries()) {
        if (!matchPattern(pattern, line, filling)) continue;
        if (place > 0) patterns.unshift(...patterns.splice(place, 1));
        return pattern;
      }
      return null;
    },
    add(pattern: RowPattern): void {
      patterns.unshift(pattern);
      if (patterns.length > MOST_PATTERNS) patterns.pop();
    },
  };
}

/** `isChecked`: a schema asks something of each item, which then is made as a whole. */
type Options = { readonly reading: ResolvedReading; readonly isChecked: boolean };

/** Reads whole lines of JSONL into items, and gives the number of the next line. Those that are written like others before them are put together from their pieces. */
export function createLineReader(fileName: string, { reading, isChecked }: Options) {
  const shape = shapeOf(reading.shape, reading.mapping);
  const toDraft = createDraftReader(fileName, reading);
  const passes = isChecked ? undefined : shape.passes;
  const patterns = createPatterns();
  let misses = 0;

  /** False for a line that no pattern fits. */
  function readByPattern(place: LinePlace, line: number, { encoder, add, tally }: LineSink): boolean {
    const pattern = place.end - place.start > MOST_LENGTH ? null : patterns.find(place);
    const draft = pattern && draftOf(pattern, patterns.filling, line);
    if (!pattern || !draft) return false;
    const row = encoder.encode(draft, fillIn(pattern, patterns.filling));
    if (row === null) noteError(tally, takenId(line, draft.itemId));
    else add(row, draft.itemId === undefined ? 0 : line);
    tally.rowsRead += 1;
    return true;
  }

  function readAlone(text: string, line: number, { readInto, tally }: LineSink): void {
    const bytes = Buffer.from(text);
    if (isBlank(bytes)) return;
    const errors = tally.errorCount;
    readInto([parseRow(line, bytes, true)], tally);
    misses += 1;
    if (tally.errorCount > errors || !passes) return;
    const pattern = learnPattern(text, { passes, toDraft });
    if (pattern) patterns.add(pattern);
  }

  function readText(text: string, firstLine: number, sink: LineSink): number {
    const place: LinePlace = { text, start: 0, end: 0, slash: placeOfSlash(text, 0) };
    let line = firstLine;
    for (let at = 0; at < text.length; line++) {
      const newline = text.indexOf("\n", at);
      const stop = newline === -1 ? text.length : newline;
      place.start = at;
      place.end = stop > at && text.charCodeAt(stop - 1) === RETURN ? stop - 1 : stop;
      if (readByPattern(place, line, sink)) misses = Math.max(0, misses - 1);
      else readAlone(text.slice(at, place.end), line, sink);
      at = stop + 1;
    }
    return line;
  }

  return async function readLines(bytes: Buffer, firstLine: number, sink: LineSink): Promise<number> {
    const isTried = passes !== undefined && misses < MOST_MISSES && bytes.length <= FILE_LIMITS.lineBytes;
    if (isTried && isUtf8(bytes) && !holdsControls(bytes)) return readText(bytes.toString(), firstLine, sink);
    for await (const rows of readJsonl(only(bytes), FILE_LIMITS, firstLine)) sink.readInto(rows, sink.tally);
    return firstLine + countLines(bytes);
  };
}

async function* only(bytes: Buffer) {
  yield bytes;
}

/** Whether there is a control byte that is not a line end. Four bytes are checked at a time. */
export function holdsControls(bytes: Buffer): boolean {
  const lead = (4 - (bytes.byteOffset & 3)) & 3;
  if (bytes.length < lead) return holdsControl(bytes, 0, bytes.length);
  const words = new Int32Array(bytes.buffer, bytes.byteOffset + lead, (bytes.length - lead) >> 2);
  for (let word = 0; word < words.length; word++) {
    const four = words[word] ?? 0;
    if (((four - 0x20202020) & ~four & 0x80808080) === 0) continue;
    const at = lead + word * 4;
    if (holdsControl(bytes, at, at + 4)) return true;
  }
  return holdsControl(bytes, 0, lead) || holdsControl(bytes, lead + words.length * 4, bytes.length);
}

function holdsControl(bytes: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const byte = bytes[at] ?? 0;
    const endsLine = byte === NEWLINE || (byte === RETURN && bytes[at + 1] === NEWLINE);
    if (byte < 0x20 && !endsLine) return true;
  }
  return false;
}
