import type { ReceivedSpan } from "../../dialects/readers/received-span.ts";
import type { Payload } from "./set-aside.ts";

type Shown = {
  readonly span: ReceivedSpan;
  readonly input: Payload;
  readonly output: Payload;
  /** The number of its events and links above the limit. */
  readonly excess: { readonly events: number; readonly links: number };
};

/** Missing parts of a span, in sentences: dropped by its sender, above a limit, or shown in part. */
export const notesOf = ({ span, input, output, excess }: Shown): string[] => [
  ...told(span.dropped, (list) => `Its sender dropped ${list}.`),
  ...told(excess, (list) => `Not stored because of the limits: its last ${list}.`),
  ...wholeNote("input", input),
  ...wholeNote("output", output),
];

function told(counts: Readonly<Record<string, number>>, say: (list: string) => string): string[] {
  const list = Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([what, count]) => `${count} ${count === 1 ? what.slice(0, -1) : what}`);
  return list.length > 0 ? [say(list.join(" and "))] : [];
}

function wholeNote(name: string, { whole, shown }: Payload): string[] {
  if (whole === "") return [];
  const part = Array.isArray(shown) ? "beginning and end are" : "beginning is";
  return [`Its ${name} is too long for a row. Its ${part} shown, and treadle.${name}.whole points to the full text.`];
}
