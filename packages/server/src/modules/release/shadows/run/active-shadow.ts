import type { AnsweredCall, MirrorAnswer } from "../../../build/gateway/index.ts";
import type { ShadowRow, ShadowUse } from "../stores/shadow-store.ts";
import { isSampled, toWaiting, type Waiting, whySkipped } from "./choose-calls.ts";
import { continueCounts, type DropReason } from "./counts.ts";
import { createDayBudget } from "./day-budget.ts";
import type { OnChange, OwnChange, RunDeps } from "./deps.ts";
import { makePair } from "./make-pair.ts";
import { createMirrorQueue } from "./mirror-queue.ts";
import { prepareRequest } from "./prepare-request.ts";
import { createShadowWriter } from "./shadow-writer.ts";

/** Errors of the project's own budgets. */
const OVER_BUDGET: ReadonlySet<string> = new Set(["quota_exceeded", "rate_limited"]);
/** The endpoint or its candidate has changed, so that every further call would fail. */
const MISCONFIGURED: ReadonlySet<string> = new Set(["not_found", "unprocessable"]);

/** A running shadow: it chooses from the answered calls, and mirrors them in its own time. */
export function createActiveShadow(deps: RunDeps, row: ShadowRow, onChange: OnChange) {
  const state = createState(deps, row);
  const closing = new AbortController();
  const mirror = createMirroring(deps, state, { row, closing: closing.signal, onChange });
  const { counts, budget, writer } = state;
  const queue = createMirrorQueue<Waiting>({
    concurrency: row.plan.concurrency,
    length: row.plan.queueLength,
    async run(item) {
      await mirror(item).catch((error: unknown) => {
        counts.failed++;
        deps.log.error({ error, shadowId: row.id }, "a request could not be mirrored");
      });
      writer.touch();
    },
  });
  state.waiting = queue.size;
  const accept = createAcceptance(row, budget, queue.offer);

  return {
    row,
    use: state.use,
    /** Called with each answered call of the endpoint, after the caller has its answer. Never throws. */
    offer(answered: AnsweredCall): void {
      try {
        if (!isSampled(row.id, row.plan, answered)) return;
        counts.sampled++;
        const skipped = whySkipped(row.plan, answered);
        const dropped = skipped ? null : accept(answered);
        if (skipped) counts.skipped[skipped]++;
        if (dropped) counts.dropped[dropped]++;
        writer.touch();
      } catch (error) {
        deps.log.error({ error, shadowId: row.id }, "a call could not be offered to its shadow");
      }
    },

    /** Ends what runs, counts it and what waits as lost, and stores the counts. */
    async close(): Promise<void> {
      closing.abort();
      const dropped = await queue.close();
      counts.lost += dropped;
      await writer.flush();
    },
  };
}
export type ActiveShadow = ReturnType<typeof createActiveShadow>;

/** What a shadow counts, in memory and stored. */
function createState(deps: RunDeps, row: ShadowRow) {
  const counts = continueCounts(row.counts);
  const budget = createDayBudget(deps.clock, row.plan, row.day);
  const use = (): ShadowUse => ({
    counts: { ...structuredClone(counts), waiting: state.waiting() },
    costUsd: state.costUsd,
    day: budget.today(),
  });
  const state = {
    counts,
    budget,
    use,
    costUsd: row.costUsd,
    waiting: () => 0,
    writer: createShadowWriter(deps, row, use),
  };
  return state;
}
type State = ReturnType<typeof createState>;

/** Puts a call into the queue, or tells why not. The order is that of cost: what is cheap to know comes first. */
const createAcceptance =
  ({ plan }: ShadowRow, budget: State["budget"], offer: (item: Waiting) => boolean) =>
  (answered: AnsweredCall): DropReason | null => {
    if (answered.call.bytes.length > plan.maxBytes) return "tooLarge";
    if (!budget.hasRequest()) return "requestCap";
    if (!budget.hasMoney()) return "budget";
    const item = toWaiting(answered);
    if (typeof item === "string") return item;
    if (!offer(item)) return "queueFull";
    budget.countRequest();
    return null;
  };

type Mirroring = { readonly row: ShadowRow; readonly closing: AbortSignal; readonly onChange: OnChange };

/** Mirrors one request: without what must not leave, within the budget, and never a second time. */
function createMirroring(deps: RunDeps, state: State, { row, closing, onChange }: Mirroring) {
  const { counts, budget, writer } = state;
  const { id: shadowId, projectId, plan } = row;
  const change = (next: OwnChange) => onChange(row, next);
  const ask = ({ endpoint, environment, primary }: Waiting, request: Waiting["request"]) =>
    deps.mirror({
      shadowId,
      projectId,
      endpoint,
      environment,
      request,
      variant: plan.candidate,
      primary: { traceId: primary.traceId, spanId: primary.spanId },
      signal: AbortSignal.any([closing, AbortSignal.timeout(plan.timeoutSeconds * 1_000)]),
    });

  /** A call that no provider got. */
  function refuse({ code, message }: NonNullable<MirrorAnswer["error"]>): void {
    if (OVER_BUDGET.has(code)) counts.dropped.budget++;
    else counts.failed++;
    if (MISCONFIGURED.has(code)) change({ state: "paused", reason: "configuration", message });
  }

  return async function mirror(item: Waiting): Promise<void> {
    const prepared = prepareRequest(item.request, plan.personalData, deps.privacy);
    const charge = prepared && budget.reserve(item.primary.costUsd ?? 0);
    if (!prepared || !charge) {
      counts.dropped[prepared ? "budget" : "unsafe"]++;
      return;
    }
    const { span, response, error } = await ask(item, prepared.request);
    const costUsd = span ? span.costUsd : 0;
    charge.settle({ costUsd, isAnswered: error === null });
    state.costUsd += costUsd ?? 0;
    if (closing.aborted && error) counts.lost++;
    else if (!span) refuse(error ?? { code: "internal", message: "" });
    else {
      counts[error ? "failed" : "answered"]++;
      await writer.addPair(makePair(row, item, { ...prepared, span, response, error }));
      if (costUsd === null && !error) change(unknownPrice(span.responseModel));
    }
    if (counts.answered + counts.failed >= plan.maxPairs) change(complete(plan.maxPairs));
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
