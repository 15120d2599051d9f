import { createAsideObjects } from "./aside-objects.ts";

/** The limit of a payload with many short parts, in characters of its JSON. */
const LONGEST_PAYLOAD = 1024 * 1024;
/** The limit of a row, above which every text of some length is stored separately. */
const LONGEST_SPAN = 4 * 1024 * 1024;
/** The displayed part of a longer list: its first and its last items, half of this each. */
const SHOWN_CHARACTERS = 64 * 1024;
/** The assumed size of a number, of a key's quotes or of a list's brackets. */
const VALUE_CHARACTERS = 8;
const MAX_DEPTH = 50;
const TOO_DEEP = "[nested too deeply to store]";

/** `whole` is the reference to all of what is only shown in part; empty when all is shown. */
export type Payload = { readonly shown: unknown; readonly whole: string };

/** Takes what is too large for a row out of payloads, and leaves a reference and a preview in its place. */
export function createSetAside() {
  const objects = createAsideObjects();
  /** Characters of what is bounded at the moment, and of the span before it. */
  let length = 0;
  let before = 0;

  function bound(value: unknown, depth: number): unknown {
    if (typeof value === "string") return boundText(value);
    length += VALUE_CHARACTERS;
    if (typeof value !== "object" || value === null) return value;
    if (depth > MAX_DEPTH) return TOO_DEEP;
    if (Array.isArray(value)) return boundList(value, depth);
    return objects.part(value as Readonly<Record<string, unknown>>) ?? boundObject(value, depth);
  }

  function boundText(text: string): string {
    const bounded = objects.text(text, before + length > LONGEST_SPAN);
    length += bounded.length;
    return bounded;
  }

  function boundList(list: readonly unknown[], depth: number): readonly unknown[] {
    let copy: unknown[] | null = null;
    for (const [index, item] of list.entries()) {
      const bounded = bound(item, depth + 1);
      if (bounded === item) continue;
      copy ??= [...list];
      copy[index] = bounded;
    }
    return copy ?? list;
  }

  function boundObject(object: object, depth: number): object {
    const changed: [string, unknown][] = [];
    for (const [key, item] of Object.entries(object)) {
      length += key.length;
      const bounded = bound(item, depth + 1);
      if (bounded !== item) changed.push([key, bounded]);
    }
    // Made of entries: no key of a sender's, `__proto__` included, is ever assigned.
    return changed.length === 0 ? object : Object.fromEntries([...Object.entries(object), ...changed]);
  }

  /** The value with what is long in it set aside, and all of it too when that is still longer than a row should hold. */
  function measure(value: unknown): { bounded: unknown; preview: unknown; reference: string } {
    before += length;
    length = 0;
    const bounded = bound(value, 0);
    if (length <= LONGEST_PAYLOAD) return { bounded, preview: bounded, reference: "" };
    return { bounded, ...objects.whole(JSON.stringify(bounded), "application/json") };
  }

  return {
    /** To be called before the first value of each span. */
    begin(): void {
      [before, length] = [0, 0];
    },
    /** The value as it fits a row. What is not changed is the same object. */
    bound: (value: unknown): unknown => measure(value).preview,
    /** The same for what is read as messages: of a list that is too long the first and the last items stay. */
    payload(value: unknown): Payload {
      const { bounded, preview, reference } = measure(value);
      const ends = reference !== "" && Array.isArray(bounded) ? endsOf(bounded) : [];
      return { shown: ends.length > 0 ? ends : preview, whole: reference };
    },
    objects: objects.all,
  };
}
export type SetAsides = ReturnType<typeof createSetAside>;

/** The first items of a long list and its last. */
function endsOf(list: readonly unknown[]): unknown[] {
  const first = countWithin(list);
  const last = Math.min(countWithin(list.toReversed()), list.length - first);
  return [...list.slice(0, first), ...list.slice(list.length - last)];
}

function countWithin(list: readonly unknown[]): number {
  let left = SHOWN_CHARACTERS / 2;
  const end = list.findIndex((item) => {
    left -= JSON.stringify(item)?.length ?? 0;
    return left < 0;
  });
  return end < 0 ? list.length : end;
}
