import type { PromptContent } from "@treadle/contract";
import { alignLists } from "../../../../components/text/compare-texts.ts";

export type DiffLine = { readonly kind: "same" | "removed" | "added"; readonly text: string };
export type FieldDiff = { readonly field: string; readonly lines: readonly DiffLine[] };
/** What is drawn of a diff: a line, two lines that are versions of one another, or lines left out. */
export type DiffRow =
  | { readonly kind: "line"; readonly line: DiffLine }
  | { readonly kind: "pair"; readonly before: string; readonly after: string }
  | { readonly kind: "folded"; readonly lines: readonly string[] };

/** Context lines next to a change, and how many more there must be to leave any out. */
const CONTEXT = 3;
const FEWEST_FOLDED = 4;

/** Lines that were removed and added at one place stand as pairs, and long stretches without a change are left out. */
export function rowsOf(lines: readonly DiffLine[]): readonly DiffRow[] {
  const rows: DiffRow[] = [];
  for (let at = 0; at < lines.length; ) {
    const kind = lines[at]?.kind ?? "same";
    const end = endOf(lines, at, kind);
    const block = lines.slice(at, end);
    if (kind === "same") rows.push(...folded(block, { isFirst: at === 0, isLast: end === lines.length }));
    const next = kind === "removed" ? endOf(lines, end, "added") : end;
    if (kind === "removed") rows.push(...paired(block, lines.slice(end, next)));
    if (kind === "added") rows.push(...block.map(asLine));
    at = next;
  }
  return rows;
}

const asLine = (line: DiffLine): DiffRow => ({ kind: "line", line });

function endOf(lines: readonly DiffLine[], from: number, kind: DiffLine["kind"]): number {
  let end = from;
  while (end < lines.length && lines[end]?.kind === kind) end += 1;
  return end;
}

function folded(block: readonly DiffLine[], { isFirst, isLast }: { isFirst: boolean; isLast: boolean }): DiffRow[] {
  const head = isFirst ? 0 : CONTEXT;
  const tail = isLast ? 0 : CONTEXT;
  if (block.length < head + tail + FEWEST_FOLDED) return block.map(asLine);
  const middle = block.slice(head, block.length - tail).map(({ text }) => text);
  return [
    ...block.slice(0, head).map(asLine),
    { kind: "folded", lines: middle },
    ...block.slice(block.length - tail).map(asLine),
  ];
}

/** Lines on both sides are paired; the rest has no counterpart. */
function paired(removed: readonly DiffLine[], added: readonly DiffLine[]): DiffRow[] {
  const pairs = Math.min(removed.length, added.length);
  return [
    ...removed
      .slice(0, pairs)
      .map(({ text }, at): DiffRow => ({ kind: "pair", before: text, after: added[at]?.text ?? "" })),
    ...removed.slice(pairs).map(asLine),
    ...added.slice(pairs).map(asLine),
  ];
}

/** What differs between two contents, field by field, for what is not saved yet; saved versions are compared by the server. */
export function diffContents(before: PromptContent, after: PromptContent): readonly FieldDiff[] {
  const [a, b] = [fieldsOf(before), fieldsOf(after)];
  return [...new Set([...a.keys(), ...b.keys()])].flatMap((field) => {
    const [old = "", now = ""] = [a.get(field), b.get(field)];
    return old === now ? [] : [{ field, lines: diffLines(old, now) }];
  });
}

export function diffLines(before: string, after: string): readonly DiffLine[] {
  const [a, b] = [linesOf(before), linesOf(after)];
  return alignLists(a, b).map(([left, right]): DiffLine => {
    if (left < 0) return { kind: "added", text: b[right] ?? "" };
    return { kind: right < 0 ? "removed" : "same", text: a[left] ?? "" };
  });
}

const linesOf = (text: string) => (text === "" ? [] : text.split("\n"));

function fieldsOf(content: PromptContent): ReadonlyMap<string, string> {
  const texts: [string, string][] =
    content.type === "text"
      ? [["template", content.template]]
      : content.messages.map((message, at) => [
          `messages[${at}]`,
          "placeholder" in message ? `placeholder: ${message.placeholder}` : `${message.role}:\n${message.content}`,
        ]);
  const { type, format, model, inputs, parameters, tools, responseFormat } = content;
  const values = { type, format, model, inputs, parameters, tools, responseFormat };
  const settings = Object.entries(values).map(([name, value]): [string, string] => [name, written(value)]);
  return new Map([...texts, ...settings]);
}

function written(value: unknown): string {
  if (value === null || (typeof value === "object" && Object.keys(value).length === 0)) return "";
  return typeof value === "string" ? value : JSON.stringify(value, null, 2);
}
