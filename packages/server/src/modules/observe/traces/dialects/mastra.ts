import type { AttributeReader } from "./readers/attribute-reader.ts";
import type { Dialect, Reading } from "./readers/dialect.ts";
import { fieldOf, listOf, recordOf, textOf } from "./readers/json.ts";
import { kindOf, type SpanKind } from "./readers/kinds.ts";
import { readMetadata } from "./readers/read-common.ts";
import { readInput, readOutput } from "./readers/read-content.ts";
import { readGenAi } from "./readers/read-gen-ai.ts";
import type { ReceivedSpan } from "./readers/received-span.ts";

const TYPE = "mastra.span.type";
const METADATA = "mastra.metadata.";
const NOISE = new Set(["headers", "body", "modelMetadata"]);

/** Mastra's exporter: the conventions, with inputs and outputs under the name of each kind of span. */
export const mastra: Dialect = {
  id: "mastra",
  label: "Mastra",
  matches: ({ attributes }) => attributes.has(TYPE),
  read(span, reader) {
    const type = reader.peek(TYPE);
    const kind: SpanKind = kindOf(type) ?? kindOf(reader.peek("gen_ai.operation.name")) ?? "span";
    const input = reader.value(`mastra.${type}.input`);
    const output = reader.value(`mastra.${type}.output`);
    const reading = readGenAi(span, reader, kind);
    return {
      ...reading,
      ...readFailedFinish(reading),
      input: joinInput(reading.input, readInput(kind === "agent" ? "generation" : kind, input)),
      output: reading.output ?? readOutput(kind, toMessage(output)),
      metadata: readOwnMetadata(reader),
      timeToFirstTokenMs: reading.timeToFirstTokenMs ?? readFirstToken(span, reader),
    };
  },
};

/** A step's answer holds its text and its calls of tools among much else. */
function toMessage(output: unknown): unknown {
  const text = fieldOf(recordOf(output), "text");
  const calls = listOf(fieldOf(recordOf(output), "toolCalls"));
  if (calls.length > 0) return [{ role: "assistant", content: textOf(text), tool_calls: calls }];
  return typeof text === "string" && text !== "" ? text : output;
}

/** A call that failed has the status "ok"; its finish reason says otherwise. */
function readFailedFinish({ attributes }: Reading): Pick<Reading, "status" | "errorType"> {
  const reasons = listOf(attributes?.get("gen_ai.response.finish_reasons"));
  return reasons.includes("error") ? { status: "error", errorType: "error" } : {};
}

/** The provider's whole answer is among the metadata of a step. */
function readOwnMetadata(reader: AttributeReader): Record<string, string> {
  const metadata = readMetadata(reader, [METADATA]);
  return Object.fromEntries(Object.entries(metadata).filter(([name]) => !NOISE.has(name)));
}

/** The conventions' attribute of an agent holds its instructions alone. */
function joinInput(instructions: unknown, input: unknown): unknown {
  if (!Array.isArray(instructions) || input === undefined) return instructions ?? input;
  const isWhole = instructions.some((message) => recordOf(message).role !== "system");
  return isWhole || !Array.isArray(input) ? instructions : [...instructions, ...input];
}

function readFirstToken(span: ReceivedSpan, reader: AttributeReader): Reading["timeToFirstTokenMs"] {
  const time = Date.parse(reader.text("mastra.completion_start_time"));
  return Number.isNaN(time) ? null : Math.max(0, time - span.startMicros / 1_000);
}
