import type { Metrics } from "../../../../platform/metrics/port.ts";
import type { Signal } from "./digest/decode-request.ts";
import type { DigestThreads } from "./digest/digest-threads.ts";
import type { WholeDigest } from "./digest/merge-digests.ts";

/** Counters of OTLP data for Prometheus. */
export function createMeters(metrics: Metrics, threads: DigestThreads) {
  const labels = ["signal"] as const;
  const received = metrics.counter({
    name: "treadle_otlp_received_total",
    help: "Spans, log records and data points that OTLP senders sent",
    labels,
  });
  const rejected = metrics.counter({
    name: "treadle_otlp_rejected_total",
    help: "Items from OTLP senders that could not be stored",
    labels,
  });
  const repeated = metrics.counter({
    name: "treadle_otlp_repeated_total",
    help: "Items from OTLP senders that were duplicates and were stored once",
    labels,
  });
  const bytes = metrics.counter({
    name: "treadle_otlp_bytes_total",
    help: "Bytes of accepted OTLP requests, after decompression",
    labels,
  });
  metrics.gauge({
    name: "treadle_otlp_queue_requests",
    help: "Shards of OTLP requests that are waiting for a reader thread or being read",
    read: () => [{ labels: {}, value: threads.waitingRequests() }],
  });
  metrics.gauge({
    name: "treadle_otlp_queue_bytes",
    help: "Bytes of waiting or running OTLP requests, for each thread that reads a shard of the request",
    read: () => [{ labels: {}, value: threads.waitingBytes() }],
  });
  metrics.gauge({
    name: "treadle_otlp_thread_restarts",
    help: "How many times a thread that reads OTLP stopped unexpectedly",
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
