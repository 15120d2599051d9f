import type { MirrorAnswer } from "../../../build/gateway/index.ts";
import type { ShadowRow } from "../stores/shadow-store.ts";
import type { Waiting } from "./choose-calls.ts";
import type { OnChange, OwnChange, RunDeps } from "./deps.ts";
import { makePair } from "./make-pair.ts";
import { type Prepared, prepareRequest } from "./prepare-request.ts";
import type { ShadowState } from "./shadow-state.ts";

/** Errors of the project's own budgets. */
const OVER_BUDGET: ReadonlySet<string> = new Set(["quota_exceeded", "rate_limited"]);
/** The endpoint or its candidate has changed, so that every further call would fail. */
const MISCONFIGURED: ReadonlySet<string> = new Set(["not_found", "unprocessable"]);

type Mirroring = { readonly row: ShadowRow; readonly closing: AbortSignal; readonly onChange: OnChange };
type Change = (next: OwnChange) => void;

/** Mirrors one request: without what must not leave, within the budget, and never a second time. */
export function createMirroring(deps: RunDeps, state: ShadowState, { row, closing, onChange }: Mirroring) {
  const { counts, budget } = state;
  const { plan } = row;
  const change: Change = (next) => onChange(row, next);
  const ask = createAsk(deps, row, closing);
  const settle = createSettling(state, row, change);

  return async function mirror(item: Waiting): Promise<void> {
    const prepared = prepareRequest(item.request, plan.personalData, deps.privacy);
    const charge = prepared && budget.reserve(item.primary.costUsd ?? 0);
    if (!prepared || !charge) {
      counts.dropped[prepared ? "budget" : "unsafe"]++;
      return;
    }
    const answer = await ask(item, prepared.request);
    const costUsd = answer.span ? answer.span.costUsd : 0;
    charge.settle({ costUsd, isAnswered: answer.error === null });
    state.costUsd += costUsd ?? 0;
    if (closing.aborted && answer.error) counts.lost++;
    else await settle(item, prepared, answer);
    if (counts.answered + counts.failed >= plan.maxPairs) change(complete(plan.maxPairs));
  };
}

const createAsk =
  ({ mirror }: RunDeps, { id: shadowId, projectId, plan }: ShadowRow, closing: AbortSignal) =>
  ({ endpoint, environment, primary }: Waiting, request: Waiting["request"]): Promise<MirrorAnswer> =>
    mirror({
      shadowId,
      projectId,
      endpoint,
      environment,
      request,
      variant: plan.candidate,
      primary: { traceId: primary.traceId, spanId: primary.spanId },
      signal: AbortSignal.any([closing, AbortSignal.timeout(plan.timeoutSeconds * 1_000)]),
    });

/** Counts an answer and stores its pair. */
function createSettling({ counts, writer }: ShadowState, row: ShadowRow, change: Change) {
  /** A call that no provider got. */
  function refuse({ code, message }: NonNullable<MirrorAnswer["error"]>): void {
    if (OVER_BUDGET.has(code)) counts.dropped.budget++;
    else counts.failed++;
    if (MISCONFIGURED.has(code)) change({ state: "paused", reason: "configuration", message });
  }

  return async (item: Waiting, prepared: Prepared, { span, response, error }: MirrorAnswer): Promise<void> => {
    if (!span) {
      refuse(error ?? { code: "internal", message: "" });
      return;
    }
    counts[error ? "failed" : "answered"]++;
    await writer.addPair(makePair(row, item, { ...prepared, span, response, error }));
    if (span.costUsd === null && !error) change(unknownPrice(span.responseModel));
  };
}

const unknownPrice = (model: string): OwnChange => ({
  state: "paused",
  reason: "unknown-price",
  message: `The price of ${model} is unknown, so that the budget cannot be enforced. Set its price, then resume the shadow.`,
});

const complete = (pairs: number): OwnChange => ({
  state: "ended",
  reason: "complete",
  message: `The shadow has mirrored ${pairs} requests.`,
});
