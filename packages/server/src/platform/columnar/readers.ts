import type { ClickHouseClient } from "@clickhouse/client";

type Options = { readonly count: number; open(): ClickHouseClient };

/**
 * Lends each client to one query at a time, in order. A client of the embedded engine is a single session, in which a
 * second query would wait for the first.
 */
export function createReaders({ count, open }: Options) {
  const clients = new Set(Array.from({ length: count }, open));
  const idle = [...clients];
  const waiting: ((client: ClickHouseClient) => void)[] = [];

  function giveBack(client: ClickHouseClient) {
    const next = waiting.shift();
    if (next) next(client);
    else idle.push(client);
  }

  /**
   * Partial output of a failed query would precede the next query's response in the same session, which may belong to
   * another caller.
   */
  function replace(client: ClickHouseClient): ClickHouseClient {
    clients.delete(client);
    // It has failed already; that its session does not close in order changes nothing.
    void client.close().catch(() => {});
    const fresh = open();
    clients.add(fresh);
    return fresh;
  }

  return {
    async use<Result>(signal: AbortSignal, work: (client: ClickHouseClient) => Promise<Result>): Promise<Result> {
      let client = idle.pop() ?? (await new Promise<ClickHouseClient>((resolve) => waiting.push(resolve)));
      try {
        signal.throwIfAborted();
        return await work(client);
      } catch (error) {
        if (!signal.aborted || error !== signal.reason) client = replace(client);
        throw error;
      } finally {
        giveBack(client);
      }
    },
    async close(): Promise<void> {
      await Promise.all([...clients].map((client) => client.close()));
    },
  };
}
