import type { Metrics } from "../../../platform/metrics/port.ts";
import type { DigestThreads } from "./digest-threads.ts";
import type { WholeDigest } from "./merge-digests.ts";
import type { Signal } from "./order.ts";

/** What came in over OTLP, as numbers for Prometheus. */
export function createMeters(metrics: Metrics, threads: DigestThreads) {
  const labels = ["signal"] as const;
  const received = metrics.counter({
    name: "treadle_otlp_received_total",
    help: "Spans, log records and data points that OTLP senders sent",
    labels,
  });
  const rejected = metrics.counter({
    name: "treadle_otlp_rejected_total",
    help: "Those of them that could not be kept",
    labels,
  });
  const repeated = metrics.counter({
    name: "treadle_otlp_repeated_total",
    help: "Those of them that had come before and were kept once",
    labels,
  });
  const bytes = metrics.counter({
    name: "treadle_otlp_bytes_total",
    help: "Bytes of OTLP requests that were answered with success, after decompression",
    labels,
  });
  metrics.gauge({
    name: "treadle_otlp_queue_requests",
    help: "Shares of OTLP requests that wait for the threads that read them, or are being read",
    read: () => [{ labels: {}, value: threads.waitingRequests() }],
  });
  metrics.gauge({
    name: "treadle_otlp_queue_bytes",
    help: "Bytes of the OTLP requests that wait or are being read, for each thread that reads a share of one",
    read: () => [{ labels: {}, value: threads.waitingBytes() }],
  });
  metrics.gauge({
    name: "treadle_otlp_thread_restarts",
    help: "How often a thread that reads OTLP died",
    read: () => [{ labels: {}, value: threads.restarts() }],
  });
  return {
    count(
      signal: Signal,
      counted: Pick<WholeDigest, "received" | "repeated" | "rejected"> & { readonly bytes: number },
    ): void {
      received.add({ signal }, counted.received);
      repeated.add({ signal }, counted.repeated);
      rejected.add({ signal }, counted.rejected);
      bytes.add({ signal }, counted.bytes);
    },
  };
}
