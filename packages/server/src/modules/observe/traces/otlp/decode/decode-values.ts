import type { AttributeValue } from "../../dialects/readers/received-span.ts";
import { finite, MAX_VALUE_DEPTH } from "./received.ts";
import {
  type Cursor,
  readBase64,
  readDouble,
  readInt64,
  readKey,
  readMessage,
  readTag,
  readText,
  readVarint,
  skipField,
} from "./wire-reader.ts";

/** Reads a KeyValue into the map; the last of the same key counts. */
export function decodeAttribute(cursor: Cursor, into: Map<string, AttributeValue>, depth = 0): void {
  let key = "";
  let value: AttributeValue = null;
  for (let tag = readTag(cursor); tag !== 0; tag = readTag(cursor)) {
    if (tag === 0x0a) key = readKey(cursor);
    else if (tag === 0x12) value = decodeValue(readMessage(cursor), depth);
    else skipField(cursor, tag);
  }
  into.set(key, value);
}

/** Reads an AnyValue; null when it is empty or too deep. */
export function decodeValue(cursor: Cursor, depth: number): AttributeValue {
  if (depth >= MAX_VALUE_DEPTH) return null;
  let value: AttributeValue = null;
  for (let tag = readTag(cursor); tag !== 0; tag = readTag(cursor)) {
    if (tag === 0x0a) value = readText(cursor);
    else if (tag === 0x10) value = readVarint(cursor) !== 0;
    else if (tag === 0x18) value = readInt64(cursor);
    else if (tag === 0x21) value = finite(readDouble(cursor));
    else if (tag === 0x2a) value = decodeList(readMessage(cursor), depth + 1);
    else if (tag === 0x32) value = decodeMap(readMessage(cursor), depth + 1);
    else if (tag === 0x3a) value = readBase64(cursor);
    else skipField(cursor, tag);
  }
  return value;
}

function decodeList(cursor: Cursor, depth: number): AttributeValue {
  const items: AttributeValue[] = [];
  for (let tag = readTag(cursor); tag !== 0; tag = readTag(cursor)) {
    if (tag === 0x0a) items.push(decodeValue(readMessage(cursor), depth));
    else skipField(cursor, tag);
  }
  return items;
}

function decodeMap(cursor: Cursor, depth: number): AttributeValue {
  const map = new Map<string, AttributeValue>();
  for (let tag = readTag(cursor); tag !== 0; tag = readTag(cursor)) {
    if (tag === 0x0a) decodeAttribute(readMessage(cursor), map, depth);
    else skipField(cursor, tag);
  }
  return map;
}
