import type { FilterNode, FilterTerm } from "./tree.ts";

/** A filter as text, which `parseFilter` reads as the same filter again. */
export function formatFilter(filter: FilterNode | null): string {
  if (filter === null) return "";
  switch (filter.type) {
    case "text":
      return quote(filter.text);
    case "field":
      return formatTerm(filter);
    case "not":
      return `-${formatInner(filter.node)}`;
    default:
      return filter.nodes.map(formatInner).join(filter.type === "and" ? " " : " OR ");
  }
}

const formatInner = (node: FilterNode) =>
  node.type === "and" || node.type === "or" ? `(${formatFilter(node)})` : formatFilter(node);

function formatTerm({ field, key, operator, values }: FilterTerm): string {
  const name = key === "" ? field : `${field}.${/^[^\s"():<>=!,\\]+$/.test(key) ? key : quote(escapeKey(key))}`;
  return `${name}${operator}${values.map(formatValue).join(",")}`;
}

const formatValue = (value: string) => (/^[^\s,()"<>=!][^\s,()"]*$/.test(value) ? value : quote(value));

/** A key has no wildcards, so all its backslashes are its own. */
const escapeKey = (key: string) => key.replaceAll("\\", "\\\\");
const quote = (pattern: string) => `"${pattern.replaceAll('"', '\\"')}"`;
