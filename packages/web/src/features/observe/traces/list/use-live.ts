import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { resolveRange } from "../../../../components/time/time-range.ts";
import { useProject } from "../../../system/session/index.ts";
import type { TraceFilter } from "../../filter/index.ts";
import type { SpanSummary, TraceSummary } from "./use-traces.ts";

export type LiveState = "off" | "connecting" | "live" | "waiting";

/** More rows than anyone scrolls through. The oldest of them return to the list's own pages. */
const KEPT = 1_000;
const RETRY_MS = [500, 1_000, 2_000, 5_000] as const;

/** Follows spans as they are recorded and reconnects automatically. `onSpan` may change between renders. */
function useWatch(filter: TraceFilter, isOn: boolean, onSpan: (span: SpanSummary) => void): LiveState {
  const { client } = useProject();
  const [state, setState] = useState<LiveState>("off");
  const latest = useRef(onSpan);
  latest.current = onSpan;
  const key = JSON.stringify(filter);
  useEffect(() => {
    if (!isOn) return setState("off");
    const stop = new AbortController();
    async function follow(failures: number): Promise<void> {
      setState(failures === 0 ? "connecting" : "waiting");
      let seen = failures;
      try {
        const query: TraceFilter = JSON.parse(key);
        const spans = client.watch("GET /api/v1/spans/live", {
          query,
          signal: stop.signal,
          onOpen: () => setState("live"),
        });
        for await (const span of spans) {
          seen = 0;
          latest.current(span);
        }
      } catch {
        // A broken connection and one the server ended are the same here: wait, then ask again.
      }
      if (stop.signal.aborted) return;
      setState("waiting");
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS[Math.min(seen, RETRY_MS.length - 1)]));
      if (!stop.signal.aborted) await follow(seen + 1);
    }
    void follow(0);
    return () => stop.abort();
  }, [client, key, isOn]);
  return state;
}

type Live<Row> = { rows: readonly Row[]; state: LiveState };

/**
 * The spans that arrived since the live tail was switched on, newest first. They come in bursts, so they are shown five
 * times per second.
 */
export function useLiveSpans(filter: TraceFilter, isOn: boolean): Live<SpanSummary> {
  const [rows, setRows] = useState<readonly SpanSummary[]>([]);
  const waiting = useRef<SpanSummary[]>([]);
  useReset(filter, () => {
    waiting.current = [];
    setRows([]);
  });
  const state = useWatch(filter, isOn, (span) => waiting.current.push(span));
  useEffect(() => {
    if (!isOn) return;
    const timer = setInterval(() => {
      const arrived = waiting.current.splice(0).reverse();
      if (arrived.length > 0) setRows((old) => mergeRows(arrived, old, ({ spanId }) => spanId).slice(0, KEPT));
    }, 200);
    return () => clearInterval(timer);
  }, [isOn]);
  return { rows, state };
}

/**
 * The traces that started or changed since the tail started. A span only signals a change; the newest page is then
 * refetched.
 */
export function useLiveTraces(filter: TraceFilter, isOn: boolean): Live<TraceSummary> {
  const { id, client } = useProject();
  const [news, setNews] = useState(0);
  const [rows, setRows] = useState<readonly TraceSummary[]>([]);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useReset(filter, () => setRows([]));
  const state = useWatch(filter, isOn, () => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      setNews((count) => count + 1);
    }, 1_000);
  });
  useEffect(() => () => clearTimeout(timer.current), []);
  const head = useQuery({
    queryKey: ["traces-head", id, filter, news],
    enabled: isOn && news > 0,
    gcTime: 0,
    queryFn: ({ signal }) =>
      client.call("GET /api/v1/traces", {
        query: { ...filter, ...resolveRange({ range: "15m" }), limit: 100 },
        signal,
      }),
  });
  useEffect(() => {
    const arrived = head.data?.items;
    if (arrived) setRows((old) => mergeRows(arrived, old, ({ traceId }) => traceId).slice(0, KEPT));
  }, [head.data]);
  return { rows, state };
}

function useReset(filter: TraceFilter, reset: () => void) {
  const key = JSON.stringify(filter);
  const last = useRef(key);
  useEffect(() => {
    if (last.current === key) return;
    last.current = key;
    reset();
  });
}

/** `newer` before `older`; what is in both is taken from `newer` and shown once. */
export function mergeRows<Row>(
  newer: readonly Row[],
  older: readonly Row[],
  idOf: (row: Row) => string,
): readonly Row[] {
  if (newer.length === 0) return older;
  const ids = new Set(newer.map(idOf));
  return [...newer, ...older.filter((row) => !ids.has(idOf(row)))];
}
