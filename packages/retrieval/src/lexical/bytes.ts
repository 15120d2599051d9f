/** What is wrong with stored terms, and at which byte. */
export class SegmentTermsError extends Error {
  override readonly name = "SegmentTermsError";
}

/** Writes whole numbers in groups of 7 bits, lowest first (LEB128), and texts in UTF-8 after their length. */
export function createByteWriter() {
  let bytes = new Uint8Array(1_024);
  let length = 0;
  const encoder = new TextEncoder();
  const reserve = (more: number) => {
    if (length + more > bytes.length) bytes = enlarge(bytes, Math.max(bytes.length * 2, length + more));
  };
  const raw = (values: Uint8Array) => {
    reserve(values.length);
    bytes.set(values, length);
    length += values.length;
  };
  const number = (value: number) => {
    reserve(5);
    let rest = value;
    for (; rest > 127; rest >>>= 7) bytes[length++] = (rest & 127) | 128;
    bytes[length++] = rest;
  };
  return {
    raw,
    number,
    text(value: string): void {
      const encoded = encoder.encode(value);
      number(encoded.length);
      raw(encoded);
    },
    done: () => bytes.slice(0, length),
  };
}

function enlarge(bytes: Uint8Array, length: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(length);
  larger.set(bytes);
  return larger;
}

/** Reads what `createByteWriter` writes; every read beyond the end or of a malformed value throws `SegmentTermsError`. */
export function createByteReader(bytes: Uint8Array) {
  const cursor: Cursor = { bytes, at: 0 };
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  return {
    raw: (length: number): Uint8Array => readRaw(cursor, length),
    number: (): number => readNumber(cursor),
    fail: (problem: string): never => fail(cursor, problem),
    /** A count of things that take at least one byte each, so a damaged count cannot reserve memory. */
    count(): number {
      const value = readNumber(cursor);
      return value > bytes.length - cursor.at ? fail(cursor, `${value} entries cannot fit into the rest`) : value;
    },
    text(): string {
      const encoded = readRaw(cursor, readNumber(cursor));
      try {
        return decoder.decode(encoded);
      } catch {
        return fail(cursor, "a text is not UTF-8");
      }
    },
    end(): void {
      if (cursor.at < bytes.length) fail(cursor, `${bytes.length - cursor.at} bytes follow the end`);
    },
  };
}

type Cursor = { readonly bytes: Uint8Array; at: number };

function fail({ at }: Cursor, problem: string): never {
  throw new SegmentTermsError(`The stored terms are damaged at byte ${at}: ${problem}. Build the segment again.`);
}

function readRaw(cursor: Cursor, length: number): Uint8Array {
  const left = cursor.bytes.length - cursor.at;
  if (length > left) fail(cursor, `${length} bytes are expected, ${left} are left`);
  cursor.at += length;
  return cursor.bytes.subarray(cursor.at - length, cursor.at);
}

function readNumber(cursor: Cursor): number {
  let value = 0;
  for (let shift = 0; shift < 35; shift += 7) {
    const byte = cursor.bytes[cursor.at] ?? fail(cursor, "a number is cut off");
    cursor.at++;
    value += (byte & 127) * 2 ** shift;
    if (byte < 128) return value > 0xffffffff ? fail(cursor, "a number has more than 32 bits") : value;
  }
  return fail(cursor, "a number has more than 32 bits");
}
