import { useEffect, useRef, useState } from "react";
import { explain } from "../../../../api.ts";
import { saveBlob } from "../../../../components/browser/save-file.ts";
import { toastDone } from "../../../../components/feedback/toast.tsx";
import { formatCount, formatNumberOf } from "../../../../components/text/format.ts";
import { type RangeSearch, resolveRange } from "../../../../components/time/time-range.ts";
import { useProject } from "../../../system/session/index.ts";
import type { TraceFilter } from "../../filter/index.ts";

export const FORMATS = {
  csv: { label: "CSV", help: "For spreadsheets", most: 1_000_000 },
  jsonl: { label: "JSON lines", help: "One object per line, for programs", most: 1_000_000 },
  parquet: { label: "Parquet", help: "For DuckDB, pandas and the like", most: 100_000 },
} as const;
export type Format = keyof typeof FORMATS;

type Wanted = { what: "traces" | "spans"; format: Format; hasPayloads: boolean };
type State = { kind: "idle" } | { kind: "running"; bytes: number } | { kind: "failed"; message: string };

/** Fetches what a list shows as a file and hands it to the browser. Closing the dialog stops it. */
export function useExport({ filter, range }: { filter: TraceFilter; range: RangeSearch }) {
  const { client } = useProject();
  const [state, setState] = useState<State>({ kind: "idle" });
  const running = useRef<AbortController>(undefined);
  useEffect(() => () => running.current?.abort(), []);

  async function run({ what, format, hasPayloads }: Wanted): Promise<boolean> {
    const stop = new AbortController();
    running.current = stop;
    setState({ kind: "running", bytes: 0 });
    try {
      const query = { ...filter, ...resolveRange(range), format, limit: FORMATS[format].most };
      const { signal } = stop;
      const response =
        what === "traces"
          ? await client.send("GET /api/v1/traces/export", { query, signal })
          : await client.send("GET /api/v1/spans/export", {
              query: { ...query, payloads: String(hasPayloads) },
              signal,
            });
      const blob = await readAll(response, (bytes) => setState({ kind: "running", bytes }));
      saveBlob(nameIn(response) ?? `${what}.${format}`, blob);
      toastDone(wordsOf(response));
      return true;
    } catch (error) {
      setState(stop.signal.aborted ? { kind: "idle" } : { kind: "failed", message: explain(error) });
      return false;
    }
  }
  return { state, run, cancel: () => running.current?.abort() };
}

async function readAll(response: Response, onBytes: (bytes: number) => void): Promise<Blob> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  for (const reader = response.body?.getReader(); reader; ) {
    const { done, value } = await reader.read();
    if (done) break;
    chunks.push(value);
    bytes += value.length;
    onBytes(bytes);
  }
  return new Blob(chunks, { type: response.headers.get("content-type") ?? "" });
}

const nameIn = (response: Response) =>
  /filename="([^"]+)"/.exec(response.headers.get("content-disposition") ?? "")?.[1];

/** The number of rows in the file, and the total number of rows. */
function wordsOf({ headers }: Response): string {
  const [rows, total] = [Number(headers.get("x-treadle-rows")), Number(headers.get("x-treadle-total-rows"))];
  if (total > rows) return `Saved the newest ${formatCount(rows)} of ${formatCount(total)} rows`;
  return `Saved ${formatNumberOf(rows, "row")}`;
}
