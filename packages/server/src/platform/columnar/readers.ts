import type { ClickHouseClient } from "@clickhouse/client";

/**
 * Lends each client to one query at a time, in the order of asking: a client of the embedded engine is a single session,
 * in which a second query would wait behind the first one.
 */
export function createReaders(clients: readonly ClickHouseClient[]) {
  const idle = [...clients];
  const waiting: ((client: ClickHouseClient) => void)[] = [];
  return {
    async use<Result>(signal: AbortSignal, work: (client: ClickHouseClient) => Promise<Result>): Promise<Result> {
      const client = idle.pop() ?? (await new Promise<ClickHouseClient>((resolve) => waiting.push(resolve)));
      try {
        signal.throwIfAborted();
        return await work(client);
      } finally {
        const next = waiting.shift();
        if (next) next(client);
        else idle.push(client);
      }
    },
  };
}
