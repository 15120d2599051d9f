import type { Span } from "@treadle/contract";
import { systemClock } from "../../../../../kernel/clock.ts";
import { createPricer } from "../../../prices/index.ts";
import { readSpan } from "../../dialects/index.ts";
import type { ReceivedSpan } from "../../dialects/readers/received-span.ts";
import { toRow, toStored } from "../../rows/span-row.ts";
import { isFirst } from "../decode/shard.ts";
import { checkSpan } from "./check-span.ts";
import type { Digest, Order, WatchedSpan } from "./decode-request.ts";
import type { Memory } from "./memory.ts";
import { createRedactReceived } from "./redact-received.ts";
import { EMPTY_REPORT } from "./rejection-report.ts";
import { createRejections } from "./rejections.ts";
import { createRowLines } from "./row-lines.ts";
import { scoreRows } from "./score-row.ts";
import { createSetAside } from "./set-aside.ts";
import { toSpan } from "./to-span.ts";

const pricer = createPricer(systemClock);

/** A call that says tokens and no cost is priced here, as the gateway prices its own. */
function withCost(span: Span, prices: Order["prices"]): Span {
  const isCall = span.kind === "generation" || span.kind === "embedding";
  if (!isCall || span.costUsd !== null || span.inputTokens + span.outputTokens === 0) return span;
  const { provider, responseModel, requestModel } = span;
  const models = [responseModel, requestModel].filter((model) => model !== "");
  for (const model of models) {
    const costUsd = pricer.cost(prices, { provider, model, usage: span });
    if (costUsd !== null) return { ...span, costUsd };
  }
  for (const model of models) {
    const price = pricer.costOfModel({ provider, model, usage: span });
    if (price) return { ...span, costUsd: price.usd, attributes: withNote(span, sellerNote(span, price.seller)) };
  }
  return span;
}

const sellerNote = ({ provider }: Span, seller: string) =>
  `Its cost uses the list price of ${seller}, because ${provider === "" ? "the span names no provider" : `there is no price list for the provider "${provider}"`}.`;

function withNote({ attributes }: Span, note: string): Span["attributes"] {
  const notes = attributes["treadle.notes"];
  return { ...attributes, "treadle.notes": [...(Array.isArray(notes) ? notes : []), note] };
}

type Sound = Extract<ReturnType<typeof checkSpan>, { readonly span: ReceivedSpan }>;

/** Rows say a little more than protobuf does. */
const GROWTH = 3;

/** Takes the spans of one request, one after another, and gives the rows to keep. */
export function createSpanIntake(order: Order, { seen, calls }: Memory) {
  const { projectId, now, isWatched, bytes, prices, share } = order;
  const redact = createRedactReceived(order.privacy);
  const lines = createRowLines("spans", bytes.byteLength * GROWTH);
  const scores = createRowLines("scores", 0);
  const rejections = createRejections();
  const aside = createSetAside();
  const watched: WatchedSpan[] = [];
  let received = 0;
  let repeated = 0;

  function keep({ span, notes }: Sound, index: number): void {
    const understood = redact({ span, reading: readSpan(span), notes });
    const read = toSpan(understood, aside);
    const priced = withCost(calls.settle(projectId, read), prices);
    const row = toRow(projectId, priced, false);
    lines.add(JSON.stringify(toStored(row)));
    if (isWatched) watched.push({ row, startTime: priced.startTime, index });
    for (const score of scoreRows(span, { projectId, given: understood.reading.scores ?? [] }))
      scores.add(JSON.stringify(score));
  }

  return {
    take(given: ReceivedSpan, index: number): void {
      received += 1;
      const checked = checkSpan(given, now);
      if ("reason" in checked) {
        rejections.add(checked.reason, index);
        return;
      }
      // A duplicate span is stored once, and is not reported as an error.
      if (!seen.isFirst(`${projectId} ${checked.span.traceId}${checked.span.spanId}`)) {
        repeated += 1;
        return;
      }
      try {
        keep(checked, index);
      } catch {
        rejections.add("its content cannot be written as a row", index);
      }
    },
    /** `beyond` is how many there were no room for. */
    finish(beyond: number): Omit<Digest, "marks"> {
      const unread = isFirst(share) ? beyond : 0;
      rejections.addBeyond(unread);
      return {
        encoded: [...lines.finish(), ...scores.finish()],
        objects: aside.objects(),
        watched,
        received: received + unread,
        repeated,
        told: { ...EMPTY_REPORT, rejected: rejections.all() },
      };
    },
  };
}
