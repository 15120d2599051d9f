import type { ScorerSample, Span } from "@treadle/contract";
import { AppError } from "../../../kernel/errors.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { SpanKey } from "../../observe/traces/index.ts";
import type { LiveScoringDeps } from "./deps.ts";
import { createScoredTraceStore } from "./live-score-store.ts";
import { createTraceReading, wantsTrace } from "./read-trace.ts";
import { wholeFilter } from "./rule-filter.ts";
import { createRuleStore } from "./rule-store.ts";
import { sampleOfSpan } from "./sample-of-span.ts";

/** An answer of the traffic as scorers see it. */
type DrawnAnswer = { readonly span: Span; readonly sample: ScorerSample };
export type DrawWanted = {
  readonly ruleId: string;
  readonly from: Date;
  readonly to: Date;
  readonly size: number;
  /** The same seed draws the same answers. */
  readonly seed: number;
  /** Leaves out the traces that the rule has scored. */
  readonly isUnscored: boolean;
};
type Drawn = { readonly matching: number; readonly batches: AsyncIterable<readonly DrawnAnswer[]> };

const BATCH = 50;
const MOST_TRACES = 20_000;

/**
 * Draws random traces that match a rule, and reads one answer of each. Spans without a stored answer are passed over.
 * `matching` counts the traces of the period, up to 20,000.
 */
export const createDrawing = (deps: LiveScoringDeps) =>
  async function draw(scope: Scope, wanted: DrawWanted, signal: AbortSignal): Promise<Drawn> {
    const rule = await createRuleStore(deps.db).find(scope.projectId, wanted.ruleId);
    if (!rule) throw new AppError("not_found", { message: "The rule was deleted." });
    const isWhole = wantsTrace(rule, await deps.scorers.bind(scope, rule.scorers));
    const filter = { filter: wholeFilter(rule), from: wanted.from.toISOString(), to: wanted.to.toISOString() };
    const pick = { kind: "one-per-trace" as const, size: MOST_TRACES, seed: wanted.seed };
    const keys = await deps.traces.picked.pick(scope.projectId, filter, pick);
    return { matching: keys.length, batches: readBatches(deps, { ...wanted, scope, keys, isWhole, signal }) };
  };

type Reading = DrawWanted & {
  readonly scope: Scope;
  readonly keys: readonly SpanKey[];
  /** Whether the scorers need the whole trace. */
  readonly isWhole: boolean;
  readonly signal: AbortSignal;
};

async function* readBatches(
  deps: LiveScoringDeps,
  reading: Reading,
): AsyncGenerator<readonly DrawnAnswer[], void, void> {
  const { keys, size, signal } = reading;
  let missing = size;
  for (let at = 0; at < keys.length && missing > 0; at += BATCH) {
    signal.throwIfAborted();
    const fresh = await listFresh(deps, reading, keys.slice(at, at + BATCH));
    const answers = (await readAnswers(deps, reading, fresh)).slice(0, missing);
    missing -= answers.length;
    if (answers.length > 0) yield answers;
  }
}

async function listFresh(
  { db }: LiveScoringDeps,
  { ruleId, isUnscored }: Reading,
  keys: readonly SpanKey[],
): Promise<readonly SpanKey[]> {
  if (!isUnscored) return keys;
  const traceIds = keys.map(({ traceId }) => traceId);
  const scored = await createScoredTraceStore(db).list(ruleId, traceIds);
  return keys.filter(({ traceId }) => !scored.has(traceId));
}

async function readAnswers(
  deps: LiveScoringDeps,
  { scope: { projectId }, isWhole }: Reading,
  keys: readonly SpanKey[],
): Promise<DrawnAnswer[]> {
  const spans: Span[] = [];
  for await (const { span } of deps.traces.picked.read(projectId, keys)) spans.push(span);
  const hasContext = isWhole && spans.length > 0;
  const contexts = hasContext ? await createTraceReading(deps).contexts({ projectId, spans }) : null;
  return spans.flatMap((span) => {
    const sample = sampleOfSpan(span, contexts?.get(span));
    return sample === null ? [] : [{ span, sample }];
  });
}
