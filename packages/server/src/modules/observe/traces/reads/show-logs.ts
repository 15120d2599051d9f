import type { Span, SpanContent } from "@treadle/contract";
import type { Columnar } from "../../../../platform/columnar/port.ts";
import { readLogMessages } from "../dialects/index.ts";
import { previewInput, previewOutput } from "../rows/preview.ts";
import { createContentsStore, keyOf } from "./contents-store.ts";

type Payloads = Pick<Span, "input" | "output">;
type Previews = { readonly inputPreview: string; readonly outputPreview: string };

/** A span with its messages, which some senders write as log records with it, before it or after it. */
export function withLogs<Shown extends Payloads>(span: Shown, contents: readonly SpanContent[] = []): Shown {
  if (contents.length === 0) return span;
  const { input, output } = readLogMessages(contents);
  return { ...span, input: span.input ?? input ?? null, output: span.output ?? output ?? null };
}

export const lacksPreview = ({ inputPreview, outputPreview }: Previews) => inputPreview === "" || outputPreview === "";

/** The same for what a list shows of a span or a trace. */
export function withLogPreviews<Shown extends Previews>(item: Shown, contents: readonly SpanContent[] = []): Shown {
  if (contents.length === 0) return item;
  const { input, output } = readLogMessages(contents);
  return {
    ...item,
    inputPreview: item.inputPreview || previewInput(input),
    outputPreview: item.outputPreview || previewOutput(output),
  };
}

type Call = { readonly traceId: string; readonly spanId: string; readonly input: string; readonly output: string };

/** Calls as they are stored, with the messages that their senders wrote as log records. Payloads are JSON. */
export async function withLogPayloads<Row extends Call>(
  columnar: Pick<Columnar, "select">,
  projectId: string,
  rows: readonly Row[],
): Promise<Row[]> {
  const bare = rows.filter(({ input, output }) => isBare(input) || isBare(output));
  const bySpan = await createContentsStore(columnar).previewSpans(projectId, bare);
  return rows.map((row) => {
    const contents = bySpan.get(keyOf(row));
    if (!contents) return row;
    const { input, output } = readLogMessages(contents);
    return {
      ...row,
      input: isBare(row.input) ? toJson(input) : row.input,
      output: isBare(row.output) ? toJson(output) : row.output,
    };
  });
}

const isBare = (payload: string) => payload === "" || payload === "null";
const toJson = (value: unknown) => (value === undefined || value === null ? "" : JSON.stringify(value));
