import { status as Code, type StatusObject } from "@grpc/grpc-js";
import type { Clock } from "../../kernel/clock.ts";
import { newTraceId } from "../../kernel/ids.ts";
import type { Log } from "../../kernel/log.ts";
import type { Scope } from "../../kernel/scope.ts";
import { report } from "../http/answer/answer-error.ts";
import { toAppError } from "../http/answer/to-app-error.ts";
import type { Metrics } from "../metrics/port.ts";
import { statusOf } from "./status.ts";

/** One call, from its headers to its end. */
export type Exchange = {
  scope: Scope | null;
  /** The status for an error. An unexpected error is logged with its cause and not revealed. */
  refusal(error: unknown): StatusObject;
  succeed(): void;
  /** Called once, when nothing more can be sent. */
  finish(): void;
};

/** Follows every call: measures it, and logs it without a word of its content. */
export function createTraffic({ clock, log, metrics }: { clock: Clock; log: Log; metrics: Metrics }) {
  let open = 0;
  const seconds = metrics.histogram({
    name: "treadle_grpc_call_seconds",
    help: "gRPC calls by method and status, with their duration",
    labels: ["method", "status"],
  });
  metrics.gauge({
    name: "treadle_grpc_open_calls",
    help: "gRPC calls in progress",
    read: () => [{ labels: {}, value: open }],
  });

  return {
    begin(method: string): Exchange {
      const requestId = `req_${newTraceId()}`;
      const startedAt = clock.elapsed();
      // Ends without our action: the caller disconnected, or the input was not a message.
      let code = Code.CANCELLED;
      open += 1;
      const exchange: Exchange = {
        scope: null,
        refusal(error) {
          const known = toAppError(error);
          report(log, known, requestId);
          const refusal = statusOf(known, requestId);
          code = refusal.code;
          return refusal;
        },
        succeed() {
          code = Code.OK;
        },
        finish() {
          open -= 1;
          const ms = clock.elapsed() - startedAt;
          const status = Code[code];
          seconds.observe({ method, status }, ms / 1_000);
          const projectId = exchange.scope?.projectId ?? "";
          const entry = { method, status, ms: Math.round(ms * 10) / 10, requestId, projectId };
          if (code === Code.OK) log.debug(entry, "call");
          else log.info(entry, "call");
        },
      };
      return exchange;
    },
  };
}
export type Traffic = ReturnType<typeof createTraffic>;
