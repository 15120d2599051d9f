/** What is wrong with stored terms, and at which byte. */
export class SegmentTermsError extends Error {
  override readonly name = "SegmentTermsError";
}

/** Writes whole numbers in groups of 7 bits, lowest first (LEB128), and texts in UTF-8 after their length. */
export function createByteWriter() {
  let bytes = new Uint8Array(1_024);
  let length = 0;
  const reserve = (more: number) => {
    if (length + more <= bytes.length) return;
    const larger = new Uint8Array(Math.max(bytes.length * 2, length + more));
    larger.set(bytes.subarray(0, length));
    bytes = larger;
  };
  const encoder = new TextEncoder();
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

/** Reads what `createByteWriter` writes; every read beyond the end or of a malformed value throws `SegmentTermsError`. */
export function createByteReader(bytes: Uint8Array) {
  let at = 0;
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  const fail = (problem: string): never => {
    throw new SegmentTermsError(`The stored terms are damaged at byte ${at}: ${problem}. Build the segment again.`);
  };
  const raw = (length: number): Uint8Array => {
    if (length > bytes.length - at) fail(`${length} bytes are expected, ${bytes.length - at} are left`);
    at += length;
    return bytes.subarray(at - length, at);
  };
  const number = (): number => {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = bytes[at] ?? fail("a number is cut off");
      at++;
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value > 0xffffffff ? fail("a number has more than 32 bits") : value;
    }
    return fail("a number has more than 32 bits");
  };
  return {
    raw,
    number,
    fail,
    /** A count of things that take at least one byte each, so a damaged count cannot reserve memory. */
    count(): number {
      const value = number();
      return value > bytes.length - at ? fail(`${value} entries cannot fit into the rest`) : value;
    },
    text(): string {
      const encoded = raw(number());
      try {
        return decoder.decode(encoded);
      } catch {
        return fail("a text is not UTF-8");
      }
    },
    end(): void {
      if (at < bytes.length) fail(`${bytes.length - at} bytes follow the end`);
    },
  };
}
