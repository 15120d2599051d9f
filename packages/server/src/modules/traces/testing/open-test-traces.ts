import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Span } from "@treadle/contract";
import type { Scope } from "../../../kernel/scope.ts";
import { openTestColumnar } from "../../../platform/columnar/testing/open-test-columnar.ts";
import { openSpool } from "../../../platform/spool/open.ts";
import { createTraces } from "../service.ts";

const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** Traces over a real spool and a real store, at a time that stands still. Open it once for a test file. */
export async function openTestTraces(now: number) {
  const columnar = await openTestColumnar();
  const folder = await mkdtemp(join(tmpdir(), "treadle-traces-"));
  const clock = { now: () => now, elapsed: () => performance.now() };
  const spool = await openSpool({
    folder,
    capBytes: 1e9,
    deliver: (table, lines, token) => columnar.insertLines(table, lines, { token }),
    log: silent,
    clock,
  });
  const traces = createTraces({ columnar, spool, clock });
  return {
    traces,
    columnar,
    spool,
    /** Sends spans and waits until they can be read. */
    async keep(scope: Scope, spans: readonly Span[]) {
      await traces.ingest(scope, spans);
      await spool.flush();
    },
    async close() {
      await spool.close();
      await columnar.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
