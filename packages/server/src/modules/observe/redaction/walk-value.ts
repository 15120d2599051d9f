import type { PrivacyField } from "@treadle/contract";
import { isRecord } from "../../../kernel/is-record.ts";
import { fieldOf } from "./field-of.ts";
import { piecesOf, splitFindings } from "./join-pieces.ts";
import { parseJson } from "./parse-json.ts";
import type { PrivacyReport } from "./privacy-report.ts";
import { mediaFieldOf, mediaTypeOf } from "./redact-media.ts";
import { LONGEST_TEXT, type RedactText, type TextPlace } from "./redact-text.ts";
import type { PrivacyRules } from "./rules.ts";
import type { Scan } from "./scan-text.ts";

export type Walker = {
  readonly redactText: RedactText;
  readonly scan: Scan;
  readonly report: PrivacyReport;
  readonly media: PrivacyRules["media"];
  readonly fields: ReadonlySet<PrivacyField>;
};
export type Place = TextPlace & { readonly depth: number };
type Json = Readonly<Record<string, unknown>>;
type Entry = [key: string, value: unknown];

const MOST_DEPTH = 60;
/** JSON in a text in JSON, and so on. */
const JSON_DEPTH = 20;
/** A shorter number is no number of a person, card or account. */
const LEAST_NUMBER = 1e8;
const SHORTEST_KEY = 6;
/** Where a part of a message holds its text. */
const PIECE_KEYS = new Set(["content", "text"]);

/** The redacted value. What is not changed stays the same object. */
export function walk(walker: Walker, value: unknown, place: Place): unknown {
  if (typeof value === "string") return walkString(walker, value, place);
  if (typeof value === "number") return walkNumber(walker, value, place);
  if (typeof value !== "object" || value === null) return value;
  if (place.depth > MOST_DEPTH) {
    walker.report.withheld("too_deep");
    return "[withheld: nested too deeply to scan]";
  }
  if (Array.isArray(value)) return walkList(walker, value, place);
  if (value instanceof Map) return walkMap(walker, value, place);
  return isRecord(value) ? walkObject(walker, value, place) : value;
}

function walkString(walker: Walker, text: string, place: Place): string {
  if (!walker.fields.has(place.field)) return text;
  const type = mediaTypeOf(text);
  if (type !== null) return withheldMedia(walker, text, type);
  const json = place.depth < JSON_DEPTH && text.length <= LONGEST_TEXT ? parseJson(text) : undefined;
  if (json === undefined) return walker.redactText(text, place);
  const redacted = walk(walker, json, { ...place, depth: place.depth + 1 });
  return redacted === json ? text : JSON.stringify(redacted);
}

function withheldMedia({ media, report }: Walker, text: string, type: string): string {
  if (media === "store") return text;
  report.withheld("media");
  return `[withheld: ${type}, ${text.length} characters]`;
}

function walkNumber({ fields, redactText }: Walker, value: number, place: Place): unknown {
  if (!fields.has(place.field) || !Number.isInteger(value) || Math.abs(value) < LEAST_NUMBER) return value;
  const text = String(value);
  const redacted = redactText(text, place);
  return redacted === text ? value : redacted;
}

function walkList(walker: Walker, list: readonly unknown[], place: Place): readonly unknown[] {
  const known = walker.fields.has(place.field) ? findAcross(walker.scan, list) : undefined;
  let copy: unknown[] | null = null;
  for (const [index, item] of list.entries()) {
    const redacted = walk(walker, item, { ...place, known: known?.get(index), depth: place.depth + 1 });
    if (redacted === item) continue;
    copy ??= [...list];
    copy[index] = redacted;
  }
  return copy ?? list;
}

/** A value can be split over the parts of a message. A detector that fails on all of them fails on each too. */
function findAcross(scan: Scan, list: readonly unknown[]) {
  const pieces = piecesOf(list);
  if (pieces.length < 2 || pieces.reduce((sum, { text }) => sum + text.length, 0) > LONGEST_TEXT) return undefined;
  try {
    return splitFindings(pieces, scan);
  } catch {
    return undefined;
  }
}

function walkMap(walker: Walker, map: ReadonlyMap<unknown, unknown>, place: Place): ReadonlyMap<unknown, unknown> {
  const entries = [...map].map(([key, item]): Entry => [String(key), item]);
  const redacted = walkEntries(walker, { entries, fieldAt: () => place.field }, place);
  return redacted ? new Map(redacted) : map;
}

function walkObject(walker: Walker, object: Json, place: Place): Json {
  const plain = withoutMedia(walker, object, place);
  const fieldAt = (key: string) => fieldOf(object, key, place.field);
  const redacted = walkEntries(walker, { entries: Object.entries(plain), fieldAt }, place);
  // Made of entries: no key of a sender's, `__proto__` included, is ever assigned.
  return redacted ? Object.fromEntries(redacted) : plain;
}

function withoutMedia({ media, fields, report }: Walker, object: Json, { field }: Place): Json {
  const name = media === "withhold" && fields.has(field) ? mediaFieldOf(object) : undefined;
  const content = name === undefined ? "" : String(object[name]);
  if (name === undefined || content === "") return object;
  report.withheld("media");
  return { ...object, [name]: "", size_bytes: Math.floor(content.length * 0.75) };
}

type Entries = { readonly entries: readonly Entry[]; readonly fieldAt: (key: string) => PrivacyField };

/** Null if nothing changed. */
function walkEntries(walker: Walker, { entries, fieldAt }: Entries, place: Place): readonly Entry[] | null {
  let isChanged = false;
  const names = new Set<string>();
  const redacted = entries.map(([key, item]): Entry => {
    const field = fieldAt(key);
    const known = PIECE_KEYS.has(key) ? place.known : undefined;
    const value = walk(walker, item, { field, key, known, isId: place.isId, depth: place.depth + 1 });
    const name = unusedName(redactKey(walker, key, field), names);
    isChanged ||= value !== item || name !== key;
    return [name, value];
  });
  return isChanged ? redacted : null;
}

function redactKey({ fields, redactText }: Walker, key: string, field: PrivacyField): string {
  return key.length < SHORTEST_KEY || !fields.has(field) ? key : redactText(key, { field });
}

/** Two keys that are redacted to the same label are two keys still. */
function unusedName(name: string, names: Set<string>): string {
  let unused = name;
  for (let number = 2; names.has(unused); number++) unused = `${name}_${number}`;
  names.add(unused);
  return unused;
}
