import type { PromptContent, PromptDiff } from "@treadle/contract";

type Field = PromptDiff["fields"][number];
type Line = Field["lines"][number];

/** Pairs of lines that are compared; longer texts that differ everywhere are shown as one removed and one added. */
const MOST_PAIRS = 4_000_000;

/** The differences between two contents, by field in reading order. */
export function diffContents(before: PromptContent, after: PromptContent): Field[] {
  const [old, young] = [fieldsOf(before), fieldsOf(after)];
  const names = [...new Set([...young.keys(), ...old.keys()])];
  return names.flatMap((field): Field[] => {
    const [was, is] = [old.get(field), young.get(field)];
    if (was === is) return [];
    const change = was === undefined ? "added" : is === undefined ? "removed" : "changed";
    return [{ field, change, lines: diffLines(linesOf(was), linesOf(is)) }];
  });
}

function fieldsOf(content: PromptContent): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  const put = (name: string, value: unknown) => {
    if (value === null || value === undefined) return;
    fields.set(name, typeof value === "string" ? value : JSON.stringify(value, null, 2));
  };
  if (content.type === "text") put("template", content.template);
  else
    for (const [index, message] of content.messages.entries())
      for (const [name, value] of Object.entries(message)) put(`messages[${index}].${name}`, value);
  put("format", content.format);
  put("model", content.model);
  for (const [name, value] of Object.entries(content.parameters)) put(`parameters.${name}`, value);
  put("inputs", content.inputs);
  for (const [index, tool] of content.tools.entries()) put(`tools[${index}]`, tool);
  put("responseFormat", content.responseFormat);
  return fields;
}

const linesOf = (text: string | undefined) => (text === undefined ? [] : text.split("\n"));

/** The shortest way from one list of lines to the other. */
function diffLines(before: readonly string[], after: readonly string[]): Line[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let end = 0;
  const most = Math.min(before.length, after.length) - start;
  while (end < most && before.at(-1 - end) === after.at(-1 - end)) end++;
  const same = (texts: readonly string[]) => texts.map((text): Line => ({ kind: "same", text }));
  return [
    ...same(before.slice(0, start)),
    ...diffMiddle(before.slice(start, before.length - end), after.slice(start, after.length - end)),
    ...same(before.slice(before.length - end)),
  ];
}

function diffMiddle(before: readonly string[], after: readonly string[]): Line[] {
  const removed = (text: string): Line => ({ kind: "removed", text });
  const added = (text: string): Line => ({ kind: "added", text });
  if (before.length * after.length > MOST_PAIRS) return [...before.map(removed), ...after.map(added)];
  const lengths = commonLengths(before, after);
  const width = after.length + 1;
  const lines: Line[] = [];
  let [row, column] = [0, 0];
  while (row < before.length || column < after.length) {
    const [was, is] = [before[row], after[column]];
    const down = lengths[(row + 1) * width + column] ?? -1;
    const right = lengths[row * width + column + 1] ?? -1;
    if (was !== undefined && was === is) {
      lines.push({ kind: "same", text: was });
      row++;
      column++;
    } else if (was !== undefined && (is === undefined || down >= right)) {
      lines.push(removed(was));
      row++;
    } else if (is !== undefined) {
      lines.push(added(is));
      column++;
    }
  }
  return lines;
}

/** For every pair of positions, the number of common lines in the rests after them. */
function commonLengths(before: readonly string[], after: readonly string[]): Uint32Array {
  const width = after.length + 1;
  const lengths = new Uint32Array((before.length + 1) * width);
  for (let row = before.length - 1; row >= 0; row--)
    for (let column = after.length - 1; column >= 0; column--) {
      const at = row * width + column;
      const [down = 0, right = 0, both = 0] = [lengths[at + width], lengths[at + 1], lengths[at + width + 1]];
      lengths[at] = before[row] === after[column] ? both + 1 : Math.max(down, right);
    }
  return lengths;
}
