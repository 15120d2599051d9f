import type { Span, SpanContent } from "@treadle/contract";
import { readLogMessages } from "../dialects/index.ts";
import { previewInput, previewOutput } from "../rows/preview.ts";

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
