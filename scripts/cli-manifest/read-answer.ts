import type { Route } from "@treadle/contract";
import type { Operation } from "../../packages/cli/src/operations/operation.ts";
import { fieldsOf, isScalar, type Schema, schemaOf, variantsOf } from "./json-schema.ts";

const MOST_COLUMNS = 7;
/** The order of a table: what a row is, how it is, what else it says, and when it was made. */
const ORDER: readonly RegExp[] = [
  /^(name|title|slug|email|key|label|tag|path|model|modelId)$/,
  /^(status|state|kind|type|version|role|level|outcome|verdict)$/,
  /^(value|rows|items|count|total|score|mean|calls|tokens|durationMs|costUsd)$/,
];
/** What tells a row from others is first, a date last; texts that may be long, and ids of other things, only where there is room. */
const LAST = /^(createdAt|startedAt|endedAt|updatedAt|at)$/;
const LEAST = /(description|instructions|text|message|note|reason|template|sha256|Id|By|Hash|Url)$/;

type Answered = Pick<Operation, "answer" | "list" | "isPaged" | "hasJob" | "id" | "columns">;

/** How the response of an operation is shown. */
export function readAnswer(route: Route, noun: string): Answered {
  const answer = route.answer ?? "json";
  if (answer === "file") return { answer };
  const { fields } = fieldsOf(schemaOf(route.response, "output"));
  const query = fieldsOf(schemaOf(route.query, "input")).fields;
  const isPaged = query.cursor !== undefined;
  const list = answer === "json" ? listField(fields, { name: route.name, isPaged }) : undefined;
  const row = list === undefined ? fields : fieldsOf(fields[list]?.items ?? {}).fields;
  const id = idOf(Object.keys(row), noun);
  const columns = list === undefined && answer === "json" ? [] : columnsOf(row, id);
  return {
    answer,
    ...(list !== undefined && { list }),
    ...(list !== undefined && isPaged && { isPaged }),
    ...(fields.jobId && noun !== "job" && { hasJob: true }),
    ...(id !== undefined && { id }),
    ...(columns.length > 0 && { columns }),
  };
}

/** `items` of a list, or of an object with few other fields; or the only list of objects, where the operation is one that lists. */
function listField(
  { nextCursor: _, ...fields }: Readonly<Record<string, Schema>>,
  { name, isPaged }: { readonly name: string; readonly isPaged: boolean },
): string | undefined {
  const lists = Object.keys(fields).filter((field) =>
    variantsOf(fields[field] ?? {}).some(({ type }) => type === "array"),
  );
  const isList = /^(list|search|mlflowSearch)/.test(name) || isPaged;
  if (lists.includes("items") && (isList || Object.keys(fields).length <= 3)) return "items";
  return isList && lists.length === 1 ? lists[0] : undefined;
}

function idOf(fields: readonly string[], noun: string): string | undefined {
  const words = noun.split("-");
  const own = words.map((_, place) => camel([...words.slice(place), "id"]));
  const named = ["id", ...own].find((name) => fields.includes(name));
  return named ?? fields.find((name) => /[a-z]Id$/.test(name)) ?? fields.find((name) => /^(name|slug|key)$/.test(name));
}

const camel = (words: readonly string[]) =>
  words.map((word, place) => (place === 0 ? word : `${word[0]?.toUpperCase()}${word.slice(1)}`)).join("");

function columnsOf(row: Readonly<Record<string, Schema>>, id: string | undefined): readonly string[] {
  const scalars = Object.keys(row).filter((name) => isScalar(row[name] ?? {}));
  const placed = scalars.map((name) => ({ name, rank: rankOf(name, id) })).sort((a, b) => a.rank - b.rank);
  const chosen = placed.slice(0, MOST_COLUMNS).map(({ name }) => name);
  const isLast = (name: string) => LAST.test(name);
  return [...chosen.filter((name) => !isLast(name)), ...chosen.filter(isLast)];
}

function rankOf(name: string, id: string | undefined): number {
  if (name === id) return 0;
  const place = ORDER.findIndex((words) => words.test(name));
  if (place !== -1) return place + 1;
  if (LAST.test(name)) return name === "createdAt" || name === "startedAt" ? 4 : 6;
  return LEAST.test(name) ? 7 : 5;
}
