import { type Cursor, refused } from "./cursor.ts";

const MAX_ENTRIES = 65_536;
const MAX_KEY_BYTES = 65_535;
/** A chat template is the longest text that means something to us; longer ones are stepped over. */
const MAX_KEPT_TEXT_BYTES = 1 << 18;
const MAX_TEXT_BYTES = 1 << 24;
const MAX_ARRAY_ITEMS = 1 << 24;

/** Bytes of each value type by its number in the format; text and arrays have no fixed length. */
const FIXED_BYTES: Readonly<Record<number, number>> = {
  0: 1,
  1: 1,
  2: 2,
  3: 2,
  4: 4,
  5: 4,
  6: 4,
  7: 1,
  10: 8,
  11: 8,
  12: 8,
};
const TEXT = 8;
const ARRAY = 9;

export type GgufValue = number | bigint | boolean | string | { readonly items: number };
export type GgufMetadata = ReadonlyMap<string, GgufValue>;

/**
 * Reads every key and value. Arrays are scanned, so that each of their lengths is checked, but only their item counts
 * are stored.
 */
export async function readMetadata(cursor: Cursor, entries: number): Promise<GgufMetadata> {
  if (entries > MAX_ENTRIES)
    throw refused(`it claims ${entries} metadata entries; at most ${MAX_ENTRIES} are accepted`);
  const metadata = new Map<string, GgufValue>();
  for (let index = 0; index < entries; index++) {
    const key = await readKey(cursor, index);
    if (metadata.has(key)) throw refused(`the metadata key "${key}" appears twice`);
    await cursor.need(4);
    metadata.set(key, await readValue(cursor, key, cursor.u32()));
  }
  return metadata;
}

async function readKey(cursor: Cursor, index: number) {
  await cursor.need(8);
  const bytes = cursor.u64(`the length of metadata key ${index}`);
  if (bytes === 0 || bytes > MAX_KEY_BYTES) throw refused(`metadata key ${index} is ${bytes} bytes long`);
  await cursor.need(bytes);
  return cursor.text(bytes);
}

async function readValue(cursor: Cursor, key: string, type: number): Promise<GgufValue> {
  if (type === TEXT) return readText(cursor, key);
  if (type === ARRAY) return readArray(cursor, key);
  const bytes = FIXED_BYTES[type];
  if (bytes === undefined) throw refused(`the value of "${key}" has the unknown type ${type}`);
  await cursor.need(bytes);
  switch (type) {
    case 4:
      return cursor.u32();
    case 5:
      return cursor.i32();
    case 6:
      return cursor.f32();
    case 7:
      return readBoolean(cursor, key);
    case 10:
      return cursor.u64(`the value of "${key}"`);
    case 12:
      return cursor.f64();
    case 0:
      return cursor.u8();
    default:
      cursor.skip(bytes);
      return 0;
  }
}

function readBoolean(cursor: Cursor, key: string) {
  const value = cursor.u8();
  if (value > 1) throw refused(`the value of "${key}" is a boolean of ${value}`);
  return value === 1;
}

async function readText(cursor: Cursor, key: string) {
  await cursor.need(8);
  const bytes = cursor.u64(`the text length of "${key}"`);
  if (bytes > MAX_TEXT_BYTES)
    throw refused(`the text of "${key}" claims ${bytes} bytes; at most ${MAX_TEXT_BYTES} are accepted`);
  if (bytes > MAX_KEPT_TEXT_BYTES) {
    cursor.skip(bytes);
    return "";
  }
  await cursor.need(bytes);
  return cursor.text(bytes);
}

async function readArray(cursor: Cursor, key: string) {
  await cursor.need(12);
  const type = cursor.u32();
  const items = cursor.u64(`the item count of "${key}"`);
  if (type === ARRAY) throw refused(`"${key}" is an array of arrays, which is not supported`);
  if (items > MAX_ARRAY_ITEMS) throw refused(`"${key}" claims ${items} items; at most ${MAX_ARRAY_ITEMS} are accepted`);
  const least = FIXED_BYTES[type] ?? (type === TEXT ? 8 : undefined);
  if (least === undefined) throw refused(`"${key}" is an array of the unknown type ${type}`);
  if (items * least > cursor.remaining())
    throw refused(`"${key}" claims ${items} items, more than fit in the rest of the file`);
  if (type !== TEXT) cursor.skip(items * least);
  else await skipTexts(cursor, key, items);
  return { items };
}

async function skipTexts(cursor: Cursor, key: string, items: number) {
  for (let index = 0; index < items; index++) {
    if (!cursor.has(8)) await cursor.need(8);
    const bytes = cursor.u64(`the length of item ${index} of "${key}"`);
    if (bytes > MAX_TEXT_BYTES) throw refused(`item ${index} of "${key}" claims ${bytes} bytes`);
    cursor.skip(bytes);
  }
}
