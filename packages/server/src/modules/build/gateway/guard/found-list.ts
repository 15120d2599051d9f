import type { StreamVerdict } from "@treadle/guards";
import type { Place } from "../../guards/index.ts";
import type { Found } from "../request/checks.ts";

export const MOST_ENTRIES = 100;
const MOST_OFFSETS = 50;

type Growing = Found & { count: number; score: number; readonly offsets: (readonly [start: number, end: number])[] };

/** Findings by rule, kind, view and text. */
export function createFoundList() {
  const entries = new Map<string, Growing>();
  return {
    size: () => entries.size,
    list: (): readonly Found[] => [...entries.values()],
    add({ start, end, score, ...finding }: StreamVerdict["findings"][number], place: Place): void {
      const { rule, detector, kind, view, action } = finding;
      const key = `${rule} ${kind} ${view} ${place.path}`;
      const existing = entries.get(key);
      if (!existing && entries.size >= MOST_ENTRIES) return;
      const entry = existing ?? { ...place, rule, detector, kind, action, view, count: 0, score, offsets: [] };
      entry.count++;
      entry.score = Math.max(entry.score, score);
      if (entry.offsets.length < MOST_OFFSETS) entry.offsets.push([start, end]);
      entries.set(key, entry);
    },
  };
}
