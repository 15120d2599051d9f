import { type Stretch, scanFilter } from "./scan-filter.ts";

/** A value as the filter language writes it: in quotes where it must be, and with its stars as stars. */
export function writeValue(value: string): string {
  const escaped = value.replaceAll(/[*\\]/g, "\\$&");
  return /^[^\s,()"<>=!][^\s,()"]*$/.test(escaped) ? escaped : `"${escaped.replaceAll('"', '\\"')}"`;
}

/** `metadata.tenant`, with the key in quotes where it has characters that would end it. */
export const writeKey = (field: string, key: string): string =>
  /^[^\s"():<>=!,\\]+$/.test(key)
    ? `${field}.${key}`
    : `${field}."${key.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;

/** The filter with one more condition that has to hold too. */
export function addCondition(text: string, condition: string): string {
  const old = text.trim();
  if (old === "") return condition;
  const hasOr = scanFilter(old).some(({ type, from, to }) => type === "joiner" && old.slice(from, to) === "OR");
  return hasOr && !isBracketed(old) ? `(${old}) ${condition}` : `${old} ${condition}`;
}

/** Whether every OR of the text is inside brackets. */
function isBracketed(text: string): boolean {
  let depth = 0;
  for (const { type, from, to } of scanFilter(text)) {
    if (type === "open") depth += 1;
    if (type === "close") depth -= 1;
    if (type === "joiner" && depth === 0 && text.slice(from, to) === "OR") return false;
  }
  return true;
}

/** The filter without one stretch of it, and without the blanks and the AND that stood around it. */
export function removeCondition(text: string, { from, to }: Stretch): string {
  const [before, after] = [text.slice(0, from).trimEnd(), text.slice(to).trimStart()];
  return `${before} ${after}`
    .trim()
    .replace(/^AND\s+/, "")
    .replace(/\s+AND$/, "")
    .replaceAll(/\bAND\s+AND\b/g, "AND");
}
