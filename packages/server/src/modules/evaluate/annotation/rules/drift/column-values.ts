import type { DriftColumn, Span } from "@treadle/contract";
import { readMessages, textOfMessages } from "../../../../data/datasets/index.ts";
import { askedText } from "../../queues/asked-text.ts";
import type { Judged } from "./sample-times.ts";

/** A span's value in a column. Null if it has none. */
export type ColumnValue = string | number | null;
export type ColumnKind = "meaning" | "number" | "category";

const answerText = ({ output }: Span) => textOfMessages(readMessages(output, "assistant") ?? []);
const textOrNull = (text: string) => (text.trim() === "" ? null : text);

/**
 * The values of one column, span by span, and how they are compared. A score without numbers is compared by its labels.
 */
export function columnValues(
  column: DriftColumn,
  judged: readonly Judged[],
): { readonly kind: ColumnKind; readonly values: readonly ColumnValue[] } {
  switch (column.of) {
    case "question":
      return { kind: "meaning", values: judged.map(({ span }) => textOrNull(askedText(span))) };
    case "answer":
      return { kind: "meaning", values: judged.map(({ span }) => textOrNull(answerText(span))) };
    case "length":
      return { kind: "number", values: judged.map(({ span }) => textOrNull(answerText(span))?.length ?? null) };
    case "category":
      return { kind: "category", values: judged.map(({ span }) => textOrNull(categoryOf(span, column.by))) };
    case "score": {
      const newest = judged.map(({ scores }) => scores.findLast(({ name }) => name === column.score));
      if (newest.some((score) => typeof score?.value === "number"))
        return { kind: "number", values: newest.map((score) => score?.value ?? null) };
      return { kind: "category", values: newest.map((score) => textOrNull(score?.label ?? "")) };
    }
    default:
      return column satisfies never;
  }
}

function categoryOf(span: Span, by: string): string {
  switch (by) {
    case "model":
      return span.responseModel || span.requestModel;
    case "promptVersion":
      return span.promptName && `${span.promptName} ${span.promptVersion}`;
    case "name":
    case "endpoint":
    case "environment":
    case "status":
    case "release":
      return span[by];
    default:
      return span.metadata[by.slice("metadata.".length)] ?? "";
  }
}
