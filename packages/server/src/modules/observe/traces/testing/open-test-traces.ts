import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Span } from "@treadle/contract";
import type { Scope } from "../../../../kernel/scope.ts";
import { openTestColumnar } from "../../../../platform/columnar/testing/open-test-columnar.ts";
import { openSpool } from "../../../../platform/spool/open.ts";
import { NO_PRIVACY } from "../../redaction/testing/no-privacy.ts";
import { createCallRecords } from "../record-call.ts";
import { createTraces } from "../service.ts";

const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** Traces over a real spool and a real store, with a fixed clock. Open it once per test file. */
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
  const ownSpans = { store: () => Promise.reject(new Error("no project has rules")), settle: () => Promise.resolve() };
  const traces = createTraces({ columnar, spool, privacy: NO_PRIVACY, ownSpans: () => ownSpans, clock });
  let called = 0;
  const noted: Span[] = [];
  const calls = createCallRecords({
    spool,
    traces,
    otlp: { noteCall: (_scope, span) => noted.push(span), ownSpans },
    privacy: NO_PRIVACY,
    traffic: { called: () => called++ },
  });
  return {
    traces,
    calls,
    /** The calls that OTLP was notified of, and the number that the traffic counted. */
    noted,
    called: () => called,
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
