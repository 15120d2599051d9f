import type { ReceivedSpan } from "../dialects/received-span.ts";
import type { Payload } from "./set-aside.ts";

type Shown = {
  readonly span: ReceivedSpan;
  readonly input: Payload;
  readonly output: Payload;
  /** How many of its events and links are more than are kept. */
  readonly excess: { readonly events: number; readonly links: number };
};

/** What of a span is not there, in sentences: what its sender let go of, what is more than is kept, and what is shown in part. */
export const notesOf = ({ span, input, output, excess }: Shown): string[] => [
  ...told(span.dropped, (list) => `Its sender dropped ${list}.`),
  ...told(excess, (list) => `Its last ${list} are more than are kept.`),
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
  return [`Its ${name} is too long for a row: its ${part} shown, and treadle.${name}.whole names all of it.`];
}
