import type { AnnotationItemsInput, AnnotationQuestion, Sampling, Score, Span } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { SpanKey, SpanPick } from "../../../observe/traces/index.ts";
import type { AnnotationDeps } from "../queues/deps.ts";
import { answerField, askedField, plainMetadata } from "./fields.ts";
import { type Arriving, type Incoming, PLAIN, sourceOf } from "./incoming.ts";
import { suggestionOf } from "./suggest.ts";

type Input = Extract<AnnotationItemsInput, { from: "spans" }>;
type Suggesting = {
  readonly questions: readonly AnnotationQuestion[];
  readonly suggest: Readonly<Record<string, string>>;
};
type Judged = { readonly span: Span; readonly scores: readonly Score[] };

/** Counts go up to here; how many there are beyond it is not known. */
const MOST_COUNTED = 100_000;

/** A span as an item; null when it has neither input nor output. */
export function incomingOfSpan({ span, scores }: Judged, { questions, suggest }: Suggesting): Incoming | null {
  const fields = [askedField(span.input), answerField(span.output)].filter((field) => field !== null);
  if (fields.length === 0) return null;
  const { traceId, spanId, sessionId, name, userId } = span;
  const model = span.responseModel || span.requestModel;
  const said = scores.map((score) => ({ ...score, reason: score.comment }));
  return {
    ...PLAIN,
    source: sourceOf({ type: "span", key: `span:${traceId}:${spanId}`, traceId, spanId, sessionId: sessionId || null }),
    content: { fields, candidates: [] },
    metadata: plainMetadata({ ...span.metadata, model, name, userId }),
    suggestion: suggestionOf(questions, suggest, said),
  };
}

/** Spans by a filter or one by one, with a sample of those that match. */
export async function fromSpans(
  { traces: { picked } }: Pick<AnnotationDeps, "traces">,
  scope: Scope,
  { input, questions }: { input: Input; questions: readonly AnnotationQuestion[] },
): Promise<Arriving> {
  const { select, sampling, suggest } = input;
  const isOneByOne = "spans" in select;
  // Counts first, so that the count includes no span that arrived after the selection.
  const counted = isOneByOne ? null : await picked.count(scope.projectId, select);
  const keys: readonly SpanKey[] = isOneByOne
    ? select.spans
    : await picked.pick(scope.projectId, select, pickOf(sampling));
  const matching = counted === null ? null : Math.max(counted, keys.length);
  const isDrawn = sampling.kind === "random" && matching !== null && matching < MOST_COUNTED;
  const inclusionProbability = isDrawn ? Math.min(1, sampling.size / Math.max(1, matching)) : null;
  async function* items() {
    for await (const judged of picked.read(scope.projectId, keys)) {
      const incoming = incomingOfSpan(judged, { questions, suggest });
      yield incoming && { ...incoming, inclusionProbability };
    }
  }
  return { matching, items: items() };
}

function pickOf({ kind, size, seed, by, score }: Sampling): SpanPick {
  switch (kind) {
    case "newest":
    case "random":
      return { kind, size, seed };
    case "stratified":
      if (by === undefined)
        throw lacks("by", "stratified sampling needs a field to group the spans by, such as `model`");
      return { kind, size, seed, by };
    case "hardest":
      if (score === undefined) throw lacks("score", "hardest-first sampling needs the name of a score");
      return { kind, size, score };
    case "diverse":
      throw lacks(
        "kind",
        "a queue supports newest, random, stratified or hardest; add diverse spans through a dataset",
      );
    default:
      return kind satisfies never;
  }
}

const lacks = (field: string, why: string) =>
  new AppError("invalid_request", {
    message: `\`sampling.${field}\`: ${why}.`,
    details: { field: `sampling.${field}` },
  });
