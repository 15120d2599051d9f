import {
  type FilterNode,
  type FilterTerm,
  type ItemFilterField,
  parseItemFilter,
  readFilterRange,
  splitFilterPattern,
} from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import { anyOf, type Bind, isOneOf, plainOf, sortValues } from "./match-text.ts";

/** Conditions for a WHERE, and the values the engine binds to them. */
export type Where = { readonly sql: string; readonly params: Readonly<Record<string, unknown>> };
type Term = FilterTerm<ItemFilterField>;

const binder =
  (prefix: string, params: Record<string, unknown>): Bind =>
  (type, value) => {
    const name = `${prefix}${Object.keys(params).length}`;
    params[name] = value;
    return `{${name}:${type}}`;
  };

/**
 * The conditions of an item filter, each true or false and never null. Throws `invalid_request` for an invalid filter.
 */
export function whereItems(text: string): Where {
  const { filter, problems } = parseItemFilter(text);
  if (problems[0])
    throw new AppError("invalid_request", { message: `\`filter\`: ${problems[0].message}`, details: { problems } });
  const params: Record<string, unknown> = {};
  return { sql: filter === null ? "true" : compileNode(filter, binder("filter", params)), params };
}

function compileNode(node: FilterNode<ItemFilterField>, bind: Bind): string {
  switch (node.type) {
    case "and":
    case "or":
      return `(${node.nodes.map((each) => compileNode(each, bind)).join(` ${node.type.toUpperCase()} `)})`;
    case "not":
      return `NOT ${compileNode(node.node, bind)}`;
    case "text":
      return compileText(node.text, bind);
    case "field":
      return node.operator === "!=" ? `NOT ${compileTerm(node, bind)}` : compileTerm(node, bind);
  }
}

const COLUMNS = {
  id: "item_id",
  split: "split",
  source: "source_kind",
  file: "JSONExtractString(source, 'file')",
  trace: "JSONExtractString(source, 'traceId')",
  model: "JSONExtractString(source, 'model')",
} as const;

function compileTerm(term: Term, bind: Bind): string {
  const { field, key, values } = term;
  if (field === "has") return anyOf(values.map((value) => compileHas(plainOf(value), bind)));
  if (field === "inputs" || field === "expected" || field === "metadata")
    return compileValue(jsonValue(field, key, bind), term, bind);
  return isOneOf(COLUMNS[field], values, bind);
}

function compileHas(what: string, bind: Bind): string {
  if (what === "split") return "split != ''";
  if (what === "expected") return "expected != 'null'";
  const [section = "", ...path] = what.split(".");
  if ((section !== "inputs" && section !== "metadata" && section !== "expected") || path.length === 0)
    throw new AppError("invalid_request", {
      message: `\`filter\`: "${what.slice(0, 60)}" is not a group of fields. Use split, expected, inputs.KEY, metadata.KEY or expected.KEY.`,
    });
  return jsonValue(section, path.join("."), bind).exists;
}

/** A value inside a JSON column: as text, as a number or null, as a list of texts, and whether it is there. */
type JsonValue = { readonly text: string; readonly number: string; readonly list: string; readonly exists: string };

function jsonValue(column: "inputs" | "expected" | "metadata", key: string, bind: Bind): JsonValue {
  const at = (parts: readonly string[]) => [column, ...parts.map((part) => bind("String", part))].join(", ");
  const read = (path: string): JsonValue => ({
    text: `if(JSONType(${path}) = 'String', JSONExtractString(${path}), JSONExtractRaw(${path}))`,
    number: `JSONExtract(${path}, 'Nullable(Float64)')`,
    list: `JSONExtract(${path}, 'Array(String)')`,
    exists: path === column ? `${column} != 'null'` : `JSONHas(${path})`,
  });
  if (key === "") return read(column);
  const parts = key.split(".");
  const nested = read(at(parts));
  if (parts.length === 1) return nested;
  // A point may also be part of a key.
  const flat = read(at([key]));
  const either = (name: Exclude<keyof JsonValue, "exists">) => `if(${flat.exists}, ${flat[name]}, ${nested[name]})`;
  return {
    text: either("text"),
    number: either("number"),
    list: either("list"),
    exists: `(${flat.exists} OR ${nested.exists})`,
  };
}

function compileValue({ text, number, list }: JsonValue, { operator, values }: Term, bind: Bind): string {
  const compare = (value: string, sign: string) => `ifNull(${number} ${sign} ${bind("Float64", Number(value))}, false)`;
  if (operator !== ":" && operator !== "!=")
    return anyOf(values.flatMap((value) => rangesOf(value).map(({ min }) => compare(String(min), operator))));
  const numbers = values.flatMap((value) =>
    rangesOf(value).map(({ min, max }) => {
      if (min === max) return compare(String(min), "=");
      const ends = [
        ...(Number.isFinite(min) ? [compare(String(min), ">=")] : []),
        ...(Number.isFinite(max) ? [compare(String(max), "<=")] : []),
      ];
      return `(${ends.join(" AND ")})`;
    }),
  );
  const { plain } = sortValues(values);
  const inList = plain.length > 0 ? [`hasAny(${list}, ${bind("Array(String)", plain)})`] : [];
  return anyOf([isOneOf(text, values, bind), ...numbers, ...inList]);
}

const rangesOf = (value: string) => [readFilterRange("number", value)].filter((range) => range !== null);

/** In any letter case, as JSON writes it. */
function compileText(text: string, bind: Bind): string {
  const json = splitFilterPattern(text)
    .map((part) =>
      JSON.stringify(part)
        .slice(1, -1)
        .replaceAll(/[\\%_]/g, "\\$&"),
    )
    .join("%");
  const pattern = bind("String", `%${json}%`);
  return anyOf(["inputs", "expected", "metadata", "item_id"].map((column) => `${column} ILIKE ${pattern}`));
}

/** A field as text and as a number, such as `split`, `id`, `expected` or `inputs.KEY`. Throws `invalid_request` for any other. */
export function fieldOf(name: string, prefix: string) {
  const params: Record<string, unknown> = {};
  const bind = binder(prefix, params);
  const [section = "", ...path] = name.split(".");
  if (section === "inputs" || section === "metadata" || section === "expected") {
    const key = path.join(".");
    if (key !== "" || section === "expected") return { ...jsonValue(section, key, bind), params };
  }
  const known = Object.entries(COLUMNS).find(([column]) => column === name)?.[1];
  if (known === undefined)
    throw new AppError("invalid_request", {
      message: `There is no field "${name.slice(0, 60)}". Use id, split, source, file, trace, model, expected, inputs.KEY or metadata.KEY.`,
      details: { field: name },
    });
  return { text: known, number: "CAST(NULL, 'Nullable(Float64)')", exists: `${known} != ''`, params };
}
