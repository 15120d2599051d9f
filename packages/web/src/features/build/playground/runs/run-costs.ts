import type { CurrentProject } from "../../../system/session/index.ts";
import type { SpanRef } from "./run-chat.ts";

/** A span is stored within a second; asking before that is asking in vain. */
const WAIT_MS = 1_200;
const MOST_TRIES = 8;
/** Runs looked up together, and traces in one question, so that its filter stays short. */
const BATCH = 100;
const TRACES = 50;

type Pending = { readonly key: string; readonly spans: readonly SpanRef[]; tries: number };

/** Looks up what finished runs cost, many in one question. A run whose spans are not found after some tries stays without. */
export function createCostReader(
  client: CurrentProject["client"],
  found: (key: string, costUsd: number | null) => void,
) {
  let pending: Pending[] = [];
  let isWaiting = false;

  const readSoon = () => {
    if (isWaiting) return;
    isWaiting = true;
    setTimeout(() => {
      isWaiting = false;
      void read(pending.splice(0, BATCH)).finally(() => {
        if (pending.length > 0) readSoon();
      });
    }, WAIT_MS);
  };
  async function read(batch: readonly Pending[]) {
    const costs = await readCosts(
      client,
      batch.flatMap(({ spans }) => spans.map(({ traceId }) => traceId)),
    ).catch(() => new Map<string, number | null>());
    for (const run of batch) {
      const known = run.spans.map(({ spanId }) => costs.get(spanId));
      if (known.every((cost) => cost !== undefined)) found(run.key, total(known));
      else if (run.tries < MOST_TRIES) pending.push({ ...run, tries: run.tries + 1 });
    }
  }
  return {
    ask(key: string, spans: readonly SpanRef[]) {
      pending = [...pending.filter((run) => run.key !== key), { key, spans, tries: 0 }];
      readSoon();
    },
  };
}

/** Null when no part has a price. */
const total = (costs: readonly (number | null | undefined)[]): number | null => {
  const priced = costs.filter((cost) => typeof cost === "number");
  return priced.length === 0 ? null : priced.reduce((sum, cost) => sum + cost, 0);
};

async function readCosts(client: CurrentProject["client"], traceIds: readonly string[]) {
  const ids = [...new Set(traceIds)];
  const costs = new Map<string, number | null>();
  for (let from = 0; from < ids.length; from += TRACES) {
    const filter = `trace:${ids.slice(from, from + TRACES).join(",")}`;
    const { items } = await client.call("GET /api/v1/spans", { query: { filter, limit: 200 } });
    for (const { spanId, costUsd } of items) costs.set(spanId, costUsd);
  }
  return costs;
}
