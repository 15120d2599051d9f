import { toJson } from "./attribute-reader.ts";
import type { ReceivedScore } from "./dialect.ts";
import { numberOf, showValue } from "./json.ts";
import { readIndexed } from "./read-indexed.ts";
import type { Attributes, ReceivedEvent } from "./received-span.ts";

/** One span rarely holds more than a few; a list without end is cut. */
const MOST_SCORES = 100;

/** Judgements that came as events of OpenTelemetry's conventions. */
export const readEventScores = (events: readonly ReceivedEvent[]): ReceivedScore[] =>
  events.flatMap(({ name, attributes }) => (name === "gen_ai.evaluation.result" ? readGenAiScore(attributes) : []));

/** The same facts as attributes of an evaluator's own span. */
export const readGenAiScore = (attributes: Attributes): ReceivedScore[] =>
  toScore({
    name: attributes.get("gen_ai.evaluation.name"),
    value: attributes.get("gen_ai.evaluation.score.value"),
    label: attributes.get("gen_ai.evaluation.score.label"),
    comment: attributes.get("gen_ai.evaluation.explanation"),
  });

const LISTS = ["annotations.", "evaluations.", "trace.annotations.", "trace.evaluations.", "session.evaluations."];

/** OpenInference's: one judgement at `annotation.…` or `evaluation.…`, or lists of them. */
export function readOpenInferenceScores(attributes: Attributes): ReceivedScore[] {
  const scores = ["annotation", "evaluation"].flatMap((family) => readFamily(attributes, `${family}.`));
  for (const prefix of LISTS) {
    for (const { fields } of readIndexed(attributes, prefix).items) {
      const family = fields.has("annotation.name") ? "annotation." : fields.has("evaluation.name") ? "evaluation." : "";
      scores.push(...readFamily(fields, family));
    }
  }
  return scores.slice(0, MOST_SCORES);
}

const readFamily = (attributes: Attributes, prefix: string): ReceivedScore[] =>
  toScore({
    name: attributes.get(`${prefix}name`),
    value: attributes.get(`${prefix}score`),
    label: attributes.get(`${prefix}label`),
    comment: attributes.get(`${prefix}explanation`),
  });

type GivenScore = Record<"name" | "value" | "label" | "comment", ReturnType<Attributes["get"]>>;

function toScore({ name, value, label, comment }: GivenScore): ReceivedScore[] {
  if (typeof name !== "string" || name === "") return [];
  const number = typeof value === "boolean" ? Number(value) : numberOf(value);
  const word = showValue(label ?? (number === undefined && typeof value === "string" ? value : ""));
  if (number === undefined && word === "") return [];
  return [{ name, value: number ?? null, label: word, comment: showValue(toText(comment)) }];
}

const toText = (value: ReturnType<Attributes["get"]>) => (typeof value === "string" ? value : toJson(value ?? null));
