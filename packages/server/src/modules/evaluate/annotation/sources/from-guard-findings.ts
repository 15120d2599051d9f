import type { AnnotationField, AnnotationItemsInput, AnnotationQuestion, GuardExample, Span } from "@treadle/contract";
import { KIND_LABELS } from "@treadle/guards";
import { AppError } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import { readStoredTexts } from "../../../build/guards/index.ts";
import { checkMayRead } from "../queues/check-may-read.ts";
import type { AnnotationDeps } from "../queues/deps.ts";
import { createDraw } from "./draw.ts";
import { answerField, askedField } from "./fields.ts";
import { type Arriving, type Incoming, PLAIN, sourceOf } from "./incoming.ts";

type Deps = Pick<AnnotationDeps, "findings" | "traces">;
type Input = Extract<AnnotationItemsInput, { from: "guard-findings" }>;
type Order = { readonly input: Input; readonly questions: readonly AnnotationQuestion[] };

/** So many characters are shown on each side of a finding. */
const AROUND = 300;

/** Examples of a preview of guards, each with its place in the text. Their answers become labels. */
export async function fromGuardFindings(
  { findings, traces: { picked } }: Deps,
  scope: Scope,
  { input, questions }: Order,
): Promise<Arriving> {
  checkQuestion(questions, input.question);
  for (const needed of ["guards:read", "traces:read"] as const) checkMayRead(scope, needed);
  const { previewId, detector, size, seed, question } = input;
  const all = await findings.listExamples(scope, previewId);
  const matching = all.filter((example) => detector === undefined || example.detector === detector);
  const draw = createDraw({ total: matching.length, size, seed });
  const bySpan = Map.groupBy(
    matching.filter(() => draw.next()),
    ({ traceId, spanId }) => `${traceId} ${spanId}`,
  );
  const keys = [...bySpan.values()].flatMap(([first]) => first ?? []);
  async function* items() {
    for await (const { span } of picked.read(scope.projectId, keys))
      for (const example of bySpan.get(`${span.traceId} ${span.spanId}`) ?? [])
        yield incomingOf(span, example, question);
  }
  return { matching: matching.length, items: items() };
}

function checkQuestion(questions: readonly AnnotationQuestion[], key: string): void {
  const question = questions.find((one) => one.key === key);
  if (question?.type === "binary") return;
  const why = question ? `is a question of the type ${question.type}` : "is no question of the queue";
  throw new AppError("invalid_request", {
    message: `\`question\`: "${key}" ${why}. Name a question of the type binary.`,
    details: { field: "question" },
  });
}

function incomingOf(span: Span, example: GuardExample, question: string): Incoming | null {
  const { traceId, spanId, detector, kind, path, start, end, score } = example;
  const text = textAt(span, path);
  if (text === undefined) return null;
  const finding = { detector, kind, path, start, end };
  const place = [traceId, spanId, detector, kind, path, start, end].join(":");
  const { sessionId } = span;
  return {
    ...PLAIN,
    source: {
      ...sourceOf({ type: "guard-finding", key: `finding:${place}`, traceId, spanId, sessionId: sessionId || null }),
      finding,
      labelQuestion: question,
    },
    content: { fields: [findingField(example), excerptField(text, finding), ...spanFields(span)], candidates: [] },
    metadata: { detector, kind, score: String(score), source: example.source },
  };
}

function textAt({ input, output }: Span, path: string): string | undefined {
  let found: string | undefined;
  const text = (value: string, at: { readonly path: string }) => {
    if (at.path === path) found ??= value;
    return value;
  };
  readStoredTexts({ input, output }, { text, unknown: () => undefined });
  return found;
}

const findingField = ({ detector, kind }: GuardExample): AnnotationField => ({
  key: "finding",
  title: "Finding",
  kind: "text",
  value: `${KIND_LABELS[kind] ?? kind} (${detector})`,
});

const excerptField = (
  text: string,
  { start, end }: { readonly start: number; readonly end: number },
): AnnotationField => {
  const before = text.slice(Math.max(0, start - AROUND), start);
  const after = text.slice(end, end + AROUND);
  return {
    key: "excerpt",
    title: "Text, with the finding in [[ ]]",
    kind: "text",
    value: `${start > AROUND ? "…" : ""}${before}[[${text.slice(start, end)}]]${after}${end + AROUND < text.length ? "…" : ""}`,
  };
};

const spanFields = ({ input, output }: Span): AnnotationField[] =>
  [askedField(input), answerField(output)].filter((field) => field !== null);
