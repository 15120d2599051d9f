import type { EncodedRows } from "../../../../platform/spool/port.ts";

/** Bytes of each of the two halves: about ten thousand entries of usual length. */
const HALF_BYTES = 8 * 1024 * 1024;
const LINE_FEED = 10;
/** An id is this prefix and 32 random hexadecimal digits. The digits that fit a small integer identify it. */
const PREFIX = "fb_";
const ID_LENGTH = PREFIX.length + 32;
const DIGITS = 7;

/** Lines that went into the spool together. */
type Kept = readonly EncodedRows[];
type Half = {
  readonly groups: Kept[];
  /** The group of a line, by its id's number. */
  readonly places: Map<number, number>;
  bytes: number;
};

/**
 * The newest rows, found by their random ids in the bytes that were written to the spool, which are retained for a
 * while. Two halves are filled alternately, with numeric indexes. As many objects or strings would be copied by every
 * garbage collection.
 * Two ids in a few hundred million have the same number. The older one may then not be found.
 */
export function createRecentLines(halfBytes = HALF_BYTES) {
  let newer: Half = { groups: [], places: new Map(), bytes: 0 };
  let older: Half | null = null;

  /** False for a group that is longer than a half. */
  function begin(group: Kept): boolean {
    const bytes = group.reduce((sum, { lines }) => sum + lines.byteLength, 0);
    if (bytes > halfBytes) return false;
    if (newer.bytes + bytes > halfBytes) {
      older = newer;
      newer = { groups: [], places: new Map(), bytes: 0 };
    }
    newer.groups.push(group);
    newer.bytes += bytes;
    return true;
  }

  return {
    /**
     * Remembers that these lines contain the row of this id. Ignores groups that are longer than a half, and ids of
     * other kinds.
     */
    add(id: string, group: Kept): void {
      if (id.length !== ID_LENGTH) return;
      if (newer.groups.at(-1) !== group && !begin(group)) return;
      newer.places.set(numberOf(id), newer.groups.length - 1);
    },
    /** The row of this id as a line of JSON; null when it is not remembered. */
    get(id: string): string | null {
      if (id.length !== ID_LENGTH) return null;
      for (const half of [newer, older]) {
        const place = half?.places.get(numberOf(id));
        const line = place === undefined ? null : findLine(half?.groups[place] ?? [], id);
        if (line !== null) return line;
      }
      return null;
    },
  };
}

const numberOf = (id: string) => Number.parseInt(id.slice(PREFIX.length, PREFIX.length + DIGITS), 16);

/** The newest of this id. What a person wrote never looks like the field: its quotation marks are escaped. */
function findLine(group: Kept, id: string): string | null {
  for (const { lines } of group.toReversed()) {
    const bytes = Buffer.from(lines.buffer, lines.byteOffset, lines.byteLength);
    const at = bytes.lastIndexOf(`"feedback_id":"${id}"`);
    if (at === -1) continue;
    const end = bytes.indexOf(LINE_FEED, at);
    return bytes.toString("utf8", bytes.lastIndexOf(LINE_FEED, at) + 1, end === -1 ? bytes.length : end);
  }
  return null;
}
