import type { TrainingEvent } from "@treadle/contract";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { createLeftOutStore } from "../stores/left-out-store.ts";
import type { RunRow } from "../stores/store.ts";

type RowsEvent = Extract<TrainingEvent, { type: "rows" }>;

/** Writes down which rows the trainer left out, and gives the run's data with the numbers of rows that it kept. */
export async function saveRows(tx: Postgres, { id, data }: Pick<RunRow, "id" | "data">, event: RowsEvent) {
  if (data === null) return null;
  const store = createLeftOutStore(tx);
  const { split, kept, part, left_out } = event;
  if (part === 1) await store.clear(id, split);
  await store.add(left_out.map(({ source, item, reason }) => ({ runId: id, source, itemId: item, split, reason })));
  const counts = await store.countBySource(id);
  return {
    ...data,
    kept: { ...(data.kept ?? { train: data.train, val: data.val }), [split]: kept },
    sources: data.sources.map((source, place) => ({ ...source, kept: source.rows - (counts.get(place) ?? 0) })),
  };
}
