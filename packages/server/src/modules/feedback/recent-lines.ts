/** Bytes of each of the two halves: some ten thousand pieces of feedback of ordinary length. */
const HALF_BYTES = 8 * 1024 * 1024;
const LINE_FEED = 10;
/** An id is this and 32 random hexadecimal digits. As many of them as fit a small integer tell it from the others. */
const PREFIX = "fb_";
const ID_LENGTH = PREFIX.length + 32;
const DIGITS = 7;
/** What a unit of UTF-16 takes at most. */
const MOST_BYTES_A_UNIT = 3;

type Half = {
  readonly bytes: Buffer;
  /** Where a line begins, by the number of its id. */
  readonly begins: Map<number, number>;
  end: number;
};

/**
 * The newest lines of JSON, found by their random ids. They lie in two buffers that are filled in turn, with numbers to find them by:
 * as many objects would each be copied by every collection of garbage, which cost more than all else that is done with one.
 *
 * Two ids in a few hundred million have the same number; then the older one is not found.
 */
export function createRecentLines(halfBytes = HALF_BYTES) {
  let newer: Half | null = null;
  let older: Half | null = null;

  /** The half that has room, which may be the older one begun anew. */
  function halfFor(count: number): Half {
    if (newer && newer.end + count <= halfBytes) return newer;
    const next = older ?? { bytes: Buffer.allocUnsafeSlow(halfBytes), begins: new Map(), end: 0 };
    next.begins.clear();
    next.end = 0;
    older = newer;
    newer = next;
    return next;
  }

  function read({ bytes, begins }: Half, number: number): string | null {
    const from = begins.get(number);
    return from === undefined ? null : bytes.toString("utf8", from, bytes.indexOf(LINE_FEED, from));
  }

  return {
    /** Remembers a line by the id in it. One that might be longer than a half is not remembered, nor one with another kind of id. */
    add(id: string, line: string): void {
      const most = line.length * MOST_BYTES_A_UNIT + 1;
      if (id.length !== ID_LENGTH || most > halfBytes) return;
      const half = halfFor(most);
      half.begins.set(numberOf(id), half.end);
      half.end += half.bytes.write(line, half.end);
      half.bytes[half.end++] = LINE_FEED;
    },
    /** The line that was remembered by this id or, seldom, by another one; null when there is none. */
    get(id: string): string | null {
      if (id.length !== ID_LENGTH) return null;
      for (const half of [newer, older]) {
        const line = half && read(half, numberOf(id));
        if (line) return line;
      }
      return null;
    },
  };
}

const numberOf = (id: string) => Number.parseInt(id.slice(PREFIX.length, PREFIX.length + DIGITS), 16);
