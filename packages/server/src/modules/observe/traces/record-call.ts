import type { Span } from "@treadle/contract";
import type { Scope } from "../../../kernel/scope.ts";
import type { Spool } from "../../../platform/spool/port.ts";
import { SPANS_TABLE, toRow, toStored } from "./rows/span-row.ts";
import type { Traces } from "./service.ts";

/** Remembers calls, because a sender's own span around a call may report the same tokens again. */
export type CallNotes = { noteCall(scope: Scope, span: Span): void };
/** Reserves a core for the thread that answers while calls come in. */
export type CallTraffic = { called(): void };

type Deps = {
  readonly spool: Pick<Spool, "push">;
  readonly traces: Pick<Traces, "live">;
  readonly otlp: CallNotes;
  readonly traffic: CallTraffic;
};

/** Records the model calls of this server: the last step of a call, once its caller has the answer. */
export function createCallRecords({ spool, traces: { live }, otlp, traffic }: Deps) {
  /** The row is built now only for live watchers. Otherwise the spool builds it, off the path of the request. */
  function prepare(projectId: string, span: Span): object {
    if (!live.isWatched(projectId)) return { toJSON: () => toStored(toRow(projectId, span, false)) };
    const row = toRow(projectId, span, false);
    live.publish(projectId, row, span.startTime);
    return toStored(row);
  }

  return {
    /** Never waits, never throws, and counts the spans that cannot be stored. The span must not change afterwards. */
    record(scope: Scope, span: Span): void {
      spool.push(SPANS_TABLE, prepare(scope.projectId, span));
      otlp.noteCall(scope, span);
      traffic.called();
    },
  };
}
