import type { Item, Score, Span, SpanMapping } from "@treadle/contract";
import { isRecord } from "../../../../kernel/is-record.ts";
import { readMessages, textOfMessages } from "./read-messages.ts";

type Judged = { readonly span: Span; readonly scores: readonly Score[] };

/** A value inside another, by keys with points between them; undefined when there is none. */
function valueAt(value: unknown, path: readonly string[]): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  // A key of a list is a position, such as `tools.0.name`.
  if (!isRecord(value) && !Array.isArray(value)) return undefined;
  const own = (name: string): unknown => (Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined);
  const whole = path.join(".");
  return Object.hasOwn(value, whole) ? own(whole) : valueAt(own(key), rest);
}

/** The newest score of that name counts: its number, or its word. */
function feedbackOf(scores: readonly Score[], name: string): unknown {
  const score = scores.filter((each) => each.name === name).at(-1);
  return score && (score.value ?? score.label);
}

/** A span's value at a path of the mapping. Undefined if there is none. */
function readPath({ span, scores }: Judged, path: string): unknown {
  const [section = "", ...rest] = path.split(".");
  switch (path) {
    case "input.messages":
      return readMessages(span.input, "user") ?? undefined;
    case "input.text":
      return textOfMessages(readMessages(span.input, "user") ?? []) || undefined;
    case "output.message":
      return readMessages(span.output, "assistant")?.[0];
    case "output.text":
      return textOfMessages(readMessages(span.output, "assistant") ?? []) || undefined;
    case "tools":
      return valueAt(span.parameters, ["tools"]) ?? valueAt(span.attributes, ["gen_ai.tool.definitions"]);
    case "model":
      return span.responseModel || span.requestModel || undefined;
  }
  if (section === "feedback") return feedbackOf(scores, rest.join("."));
  if (section === "attr") return valueAt(span.attributes, rest);
  const value = valueAt({ ...span }, [section, ...rest]);
  return value === "" || value === null ? undefined : value;
}

function readAll(judged: Judged, paths: Readonly<Record<string, string>>) {
  const values = Object.entries(paths).map(([key, path]) => [key, readPath(judged, path)] as const);
  return {
    values: Object.fromEntries(values.filter(([, value]) => value !== undefined)),
    isWhole: values.every(([, value]) => value !== undefined),
  };
}

/** A span as an item, by a mapping; null when it lacks an input. The same span is the same item each time. */
export function mapSpan(judged: Judged, { inputs, expected, metadata, split }: SpanMapping): Item | null {
  const { span, scores } = judged;
  const input = readAll(judged, inputs);
  if (!input.isWhole) return null;
  const isJudged = scores.some(({ source }) => source === "feedback");
  return {
    itemId: `${span.traceId}:${span.spanId}`,
    inputs: input.values,
    expected: expected === null ? null : (readPath(judged, expected) ?? null),
    metadata: readAll(judged, metadata).values,
    source: {
      kind: isJudged ? "feedback" : "trace",
      traceId: span.traceId,
      spanId: span.spanId,
      ...((span.responseModel || span.requestModel) && { model: span.responseModel || span.requestModel }),
    },
    split,
  };
}
