import type { PrivacyField } from "@treadle/contract";
import { isRecord } from "../../../kernel/is-record.ts";
import { fieldOf } from "./field-of.ts";
import { piecesOf, splitFindings } from "./join-pieces.ts";
import type { PrivacyReport } from "./privacy-report.ts";
import { mediaFieldOf, mediaTypeOf } from "./redact-media.ts";
import { LONGEST_TEXT, type RedactText, type TextPlace } from "./redact-text.ts";
import type { PrivacyRules } from "./rules.ts";
import type { Scan } from "./scan-text.ts";

export type ValueDeps = {
  readonly redactText: RedactText;
  readonly scan: Scan;
  readonly report: PrivacyReport;
} & Pick<PrivacyRules, "media" | "fields">;

type Place = TextPlace & { readonly depth: number };
type Json = Readonly<Record<string, unknown>>;

const MOST_DEPTH = 60;
/** JSON in a text in JSON, and so on. */
const JSON_DEPTH = 20;
/** A shorter number is no number of a person, card or account. */
const LEAST_NUMBER = 1e8;
const SHORTEST_KEY = 6;

/** Redacts values of any shape. What is not changed stays the same object. */
export function createRedactValue({ redactText, scan, report, media, fields }: ValueDeps) {
  const chosen = new Set<PrivacyField>(fields);

  function walk(value: unknown, place: Place): unknown {
    if (typeof value === "string") return redactString(value, place);
    if (typeof value === "number") return redactNumber(value, place);
    if (typeof value !== "object" || value === null) return value;
    if (place.depth > MOST_DEPTH) {
      report.withheld("too_deep");
      return "[withheld: nested too deeply to scan]";
    }
    if (Array.isArray(value)) return walkList(value, place);
    if (value instanceof Map) return walkMap(value, place);
    return isRecord(value) ? walkObject(value, place) : value;
  }

  function redactString(text: string, place: Place): string {
    if (!chosen.has(place.field)) return text;
    const type = mediaTypeOf(text);
    if (type !== null) return withheldMedia(text, type);
    const json = place.depth < JSON_DEPTH ? parseJson(text) : undefined;
    if (json === undefined) return redactText(text, place);
    const redacted = walk(json, { ...place, depth: place.depth + 1 });
    return redacted === json ? text : JSON.stringify(redacted);
  }

  function withheldMedia(text: string, type: string): string {
    if (media === "store") return text;
    report.withheld("media");
    return `[withheld: ${type}, ${text.length} characters]`;
  }

  function redactNumber(value: number, place: Place): unknown {
    if (!chosen.has(place.field) || !Number.isInteger(value) || Math.abs(value) < LEAST_NUMBER) return value;
    const text = String(value);
    const redacted = redactText(text, place);
    return redacted === text ? value : redacted;
  }

  function walkList(list: readonly unknown[], place: Place): readonly unknown[] {
    const known = chosen.has(place.field) ? acrossPieces(list) : undefined;
    let copy: unknown[] | null = null;
    for (const [index, item] of list.entries()) {
      const redacted = walk(item, { ...place, known: known?.get(index), depth: place.depth + 1 });
      if (redacted === item) continue;
      copy ??= [...list];
      copy[index] = redacted;
    }
    return copy ?? list;
  }

  /** A value can be split over the parts of a message. A detector that fails on all fails on each too. */
  function acrossPieces(list: readonly unknown[]) {
    const pieces = piecesOf(list);
    if (pieces.length < 2 || pieces.reduce((sum, { text }) => sum + text.length, 0) > LONGEST_TEXT) return undefined;
    try {
      return splitFindings(pieces, scan);
    } catch {
      return undefined;
    }
  }

  function walkMap(map: ReadonlyMap<unknown, unknown>, place: Place): ReadonlyMap<string, unknown> {
    const entries = [...map].map(([key, item]): Entry => [String(key), item]);
    const redacted = walkEntries(entries, place, () => place.field);
    return redacted ? new Map(redacted) : (map as ReadonlyMap<string, unknown>);
  }

  function walkObject(object: Json, place: Place): Json {
    const withoutMedia = media === "withhold" && chosen.has(place.field) ? withholdMedia(object) : object;
    const redacted = walkEntries(Object.entries(withoutMedia), place, (key) => fieldOf(object, key, place.field));
    // Made of entries: no key of a sender's, `__proto__` included, is ever assigned.
    return redacted ? Object.fromEntries(redacted) : withoutMedia;
  }

  function withholdMedia(object: Json): Json {
    const name = mediaFieldOf(object);
    const content = name === undefined ? "" : String(object[name]);
    if (name === undefined || content === "") return object;
    report.withheld("media");
    return { ...object, [name]: "", size_bytes: Math.floor(content.length * 0.75) };
  }

  /** Null if nothing changed. */
  function walkEntries(entries: readonly Entry[], place: Place, fieldAt: (key: string) => PrivacyField) {
    let isChanged = false;
    const names = new Set<string>();
    const redacted = entries.map(([key, item]): Entry => {
      const field = fieldAt(key);
      const known = PIECE_KEYS.has(key) ? place.known : undefined;
      const value = walk(item, { field, key, known, isId: place.isId, depth: place.depth + 1 });
      const name = unusedName(redactKey(key, field), names);
      isChanged ||= value !== item || name !== key;
      return [name, value];
    });
    return isChanged ? redacted : null;
  }

  function redactKey(key: string, field: PrivacyField): string {
    return key.length < SHORTEST_KEY || !chosen.has(field) ? key : redactText(key, { field });
  }

  /** Inputs and outputs hold calls of tools, which can be chosen without them. */
  const concerns = (field: PrivacyField) =>
    chosen.has(field) ||
    ((field === "inputs" || field === "outputs") && (chosen.has("tool-arguments") || chosen.has("tool-results")));

  return {
    value: <Value>(field: PrivacyField, value: Value, key?: string): Value =>
      concerns(field) ? (walk(value, { field, key, depth: 0 }) as Value) : value,
    /** Findings in an id are hashed, so that different users and sessions stay different. */
    id: (field: "user-id" | "session-id", id: string): string =>
      chosen.has(field) && id !== "" ? redactText(id, { field, isId: true }) : id,
  };
}
export type RedactValue = ReturnType<typeof createRedactValue>;

type Entry = [key: string, value: unknown];
/** Where a part of a message holds its text. */
const PIECE_KEYS = new Set(["content", "text"]);

/** Two keys that are redacted to the same label are two keys still. */
function unusedName(name: string, names: Set<string>): string {
  let unused = name;
  for (let number = 2; names.has(unused); number++) unused = `${name}_${number}`;
  names.add(unused);
  return unused;
}

const JSON_START = /^\s{0,20}[[{"]/;
const JSON_END = /[\]}"]\s{0,20}$/;

/** The value of a text that is JSON with texts in it; undefined for any other text. */
function parseJson(text: string): unknown {
  if (text.length > LONGEST_TEXT || !JSON_START.test(text) || !JSON_END.test(text.slice(-30))) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
