import type { AnsweredCall } from "../../../build/gateway/index.ts";
import type { ShadowRow } from "../stores/shadow-store.ts";
import { isSampled, toWaiting, type Waiting, whySkipped } from "./choose-calls.ts";
import type { DropReason } from "./counts.ts";
import type { OnChange, RunDeps } from "./deps.ts";
import { createMirrorQueue } from "./mirror-queue.ts";
import { createMirroring } from "./mirror-request.ts";
import { createShadowState, type ShadowState } from "./shadow-state.ts";

/** A running shadow: it chooses from the answered calls, and mirrors them in its own time. */
export function createActiveShadow(deps: RunDeps, row: ShadowRow, onChange: OnChange) {
  const state = createShadowState(deps, row);
  const closing = new AbortController();
  const { counts, writer } = state;
  const { concurrency, queueLength: length } = row.plan;
  const mirror = createMirroring(deps, state, { row, closing: closing.signal, onChange });
  const queue = createMirrorQueue({ concurrency, length, run: guard(deps, state, mirror) });
  state.waiting = queue.size;

  return {
    row,
    use: state.use,
    offer: createOffer(deps, state, { row, place: queue.offer }),
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

/** A request that cannot be mirrored must not stop the queue. */
const guard =
  ({ log }: RunDeps, { counts, writer }: ShadowState, mirror: (item: Waiting) => Promise<void>) =>
  async (item: Waiting): Promise<void> => {
    await mirror(item).catch((error: unknown) => {
      counts.failed++;
      log.error({ error }, "a request could not be mirrored");
    });
    writer.touch();
  };

type Offering = { readonly row: ShadowRow; readonly place: (item: Waiting) => boolean };

/** Called with each answered call of the endpoint, after the caller has its answer. Never throws. */
function createOffer({ log }: RunDeps, { counts, budget, writer }: ShadowState, { row, place }: Offering) {
  const accept = createAcceptance(row, budget, place);
  return (answered: AnsweredCall): void => {
    try {
      if (!isSampled(row.id, row.plan, answered)) return;
      counts.sampled++;
      const skipped = whySkipped(row.plan, answered);
      const dropped = skipped ? null : accept(answered);
      if (skipped) counts.skipped[skipped]++;
      if (dropped) counts.dropped[dropped]++;
      writer.touch();
    } catch (error) {
      log.error({ error, shadowId: row.id }, "a call could not be offered to its shadow");
    }
  };
}

/** Puts a call into the queue, or tells why not. What is cheap to know comes first. */
const createAcceptance =
  ({ plan }: ShadowRow, budget: ShadowState["budget"], place: Offering["place"]) =>
  (answered: AnsweredCall): DropReason | null => {
    if (answered.call.bytes.length > plan.maxBytes) return "tooLarge";
    if (!budget.hasRequest()) return "requestCap";
    if (!budget.hasMoney()) return "budget";
    const item = toWaiting(answered);
    if (typeof item === "string") return item;
    if (!place(item)) return "queueFull";
    budget.countRequest();
    return null;
  };
