const SLOTS = 2_048;
const LONGEST = 80;

type Slot = { readonly bytes: Buffer; readonly text: string };

/** Reads texts of which there are few that come often: each is made once, and found again by its bytes. */
export function createKeyReader() {
  const slots: (Slot | undefined)[] = Array.from({ length: SLOTS });

  function slotOf(bytes: Buffer, from: number, length: number): number {
    let hash = length;
    for (let at = from; at < from + length; at++) hash = (Math.imul(hash, 31) + (bytes[at] ?? 0)) | 0;
    return (hash ^ (hash >>> 15)) & (SLOTS - 1);
  }

  return {
    read(bytes: Buffer, from: number, length: number): string {
      if (length > LONGEST) return bytes.toString("utf8", from, from + length);
      const place = slotOf(bytes, from, length);
      const known = slots[place];
      if (known && known.bytes.length === length && isAt(bytes, from, known.bytes)) return known.text;
      const text = bytes.toString("utf8", from, from + length);
      slots[place] = { bytes: Buffer.from(bytes.subarray(from, from + length)), text };
      return text;
    },
  };
}

function isAt(bytes: Buffer, from: number, wanted: Buffer): boolean {
  for (let index = 0; index < wanted.length; index++) if (wanted[index] !== bytes[from + index]) return false;
  return true;
}
