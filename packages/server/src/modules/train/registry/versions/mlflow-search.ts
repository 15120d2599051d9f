import { AppError } from "../../../../kernel/errors.ts";
import { fromCursor, toCursor } from "../../../../kernel/pages.ts";

/** The searchable fields of an object. A time is in milliseconds since 1970. */
export type Searched = {
  readonly fields: Readonly<Record<string, string | number>>;
  readonly tags: Readonly<Record<string, string>>;
};
export type Clause = {
  /** Null for a field, else the key of a tag. */
  readonly tag: string | null;
  readonly key: string;
  readonly operator: string;
  readonly value: string | number | readonly string[];
};
type Order = { readonly key: string; readonly isDown: boolean };

const CLAUSE =
  /\s*(?:(tags?)\.)?(`[^`]+`|"[^"]+"|[a-z_][\w.-]*)\s*(!=|<=|>=|=|<|>|i?like\b|in\b)\s*('[^']*'|"[^"]*"|-?\d+(?:\.\d+)?|\([^()]*\))\s*/iy;
const ORDER = /^\s*[`"]?([a-z_]+)[`"]?(?:\s+(asc|desc))?\s*$/i;
const ALSO: Readonly<Record<string, string>> = { timestamp: "last_updated_timestamp", source: "source_path" };
const SHOWN = 200;

/**
 * The clauses of a filter in MLflow's search language, which must all match: `name LIKE 'a%' AND tags.team = 'b'`.
 * Throws `invalid_request` for an invalid filter, and for fields that are not in `keys`.
 */
export function readFilter(filter: string, keys: readonly string[]): Clause[] {
  const clauses: Clause[] = [];
  let at = 0;
  while (filter.slice(at).trim() !== "") {
    if (clauses.length > 0) {
      const and = /^\s*and\b/i.exec(filter.slice(at));
      if (!and) throw notUnderstood(filter, keys);
      at += and[0].length;
    }
    CLAUSE.lastIndex = at;
    const [whole = "", tags, name = "", operator = "", value = ""] = CLAUSE.exec(filter) ?? [];
    if (whole === "") throw notUnderstood(filter, keys);
    at += whole.length;
    const plain = name.replaceAll(/^[`"]|[`"]$/g, "");
    const key = ALSO[plain] ?? plain;
    if (tags === undefined && !keys.includes(key)) throw notUnderstood(filter, keys);
    clauses.push({
      tag: tags === undefined ? null : plain,
      key,
      operator: operator.toLowerCase(),
      value: literalOf(value),
    });
  }
  return clauses;
}

function literalOf(text: string): Clause["value"] {
  if (text.startsWith("("))
    return [...text.matchAll(/'([^']*)'|"([^"]*)"|([^\s,()'"]+)/g)].map(
      ([, one, two, bare]) => one ?? two ?? bare ?? "",
    );
  return /^['"]/.test(text) ? text.slice(1, -1) : Number(text);
}

const notUnderstood = (filter: string, keys: readonly string[]) =>
  new AppError("invalid_request", {
    message: `The filter "${filter.slice(0, SHOWN)}" is not understood. Join clauses by AND: name = '…', name LIKE '%…%', tags.key = '…'; what can be asked for is ${keys.join(", ")} and tags.`,
    details: { param: "filter" },
  });

/** Whether all clauses hold. A tag that is not there holds for none but `!=`. */
export const holds = ({ fields, tags }: Searched, clauses: readonly Clause[]): boolean =>
  clauses.every(({ tag, key, operator, value }) => {
    const found = tag === null ? fields[key] : tags[tag];
    if (found === undefined) return operator === "!=";
    return COMPARE[operator]?.(found, value) ?? false;
  });

type Compare = (found: string | number, value: Clause["value"]) => boolean;
const inOrder =
  (isSo: (difference: number) => boolean): Compare =>
  (found, value) =>
    isSo(Number(found) - Number(value));
const COMPARE: Readonly<Record<string, Compare>> = {
  "=": (found, value) => String(found) === String(value),
  "!=": (found, value) => String(found) !== String(value),
  in: (found, value) => Array.isArray(value) && value.includes(String(found)),
  like: (found, value) => isLike(String(found), String(value)),
  ilike: (found, value) => isLike(String(found).toLowerCase(), String(value).toLowerCase()),
  "<": inOrder((difference) => difference < 0),
  "<=": inOrder((difference) => difference <= 0),
  ">": inOrder((difference) => difference > 0),
  ">=": inOrder((difference) => difference >= 0),
};

/** `%` stands for any text, `_` for one character. Without a regular expression: many `%` would make one slow. */
function isLike(text: string, pattern: string): boolean {
  const [signs, wanted] = [[...text], [...pattern]];
  let [at, place] = [0, 0];
  let last: { readonly place: number; at: number } | null = null;
  while (at < signs.length) {
    const sign = wanted[place];
    if (sign === "%") {
      last = { place: place + 1, at };
      place += 1;
    } else if (sign === "_" || (sign !== undefined && sign === signs[at])) {
      at += 1;
      place += 1;
    } else if (last) {
      last.at += 1;
      at = last.at;
      place = last.place;
    } else return false;
  }
  return wanted.slice(place).every((sign) => sign === "%");
}

/** Reads what to sort by, such as `name DESC`. Throws `invalid_request` for a field that is not among `keys`. */
export function readOrder(given: string | readonly string[] | undefined, keys: readonly string[]): Order[] {
  const wishes = given === undefined ? [] : typeof given === "string" ? [given] : given;
  return wishes.map((wish) => {
    const [, name = "", direction = ""] = ORDER.exec(wish) ?? [];
    const key = ALSO[name.toLowerCase()] ?? name.toLowerCase();
    if (keys.includes(key)) return { key, isDown: direction.toLowerCase() === "desc" };
    throw new AppError("invalid_request", {
      message: `"${wish.slice(0, SHOWN)}" is not a valid sort order. Use one of ${keys.join(", ")}, followed by ASC or DESC.`,
      details: { param: "order_by" },
    });
  });
}

/** Sorts by the first wish, then by the second, and so on. */
export const byOrder =
  (orders: readonly Order[]) =>
  (a: Searched, b: Searched): number => {
    for (const { key, isDown } of orders) {
      const [left = "", right = ""] = [a.fields[key], b.fields[key]];
      if (left !== right) return left < right !== isDown ? -1 : 1;
    }
    return 0;
  };

/** A page of a list that is whole; its token is where the next begins. */
export function cutPage<Item>(all: readonly Item[], { limit, token }: { limit: number; token: string | undefined }) {
  const [from = 0] = token === undefined || token === "" ? [0] : fromCursor(token, 1).map(Number);
  if (!Number.isInteger(from))
    throw new AppError("invalid_request", {
      message: "This page token belongs to another list. Start again without a page token.",
    });
  const end = from + limit;
  return { items: all.slice(from, end), next: end < all.length ? { next_page_token: toCursor([end]) } : {} };
}
