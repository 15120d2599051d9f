import { SPAN_DIMENSIONS, SPAN_MEASURES } from "@treadle/contract";
import { unitLook } from "../../../../components/text/unit.ts";
import type { RangeSearch } from "../../../../components/time/time-range.ts";
import { useSpanValues } from "../../filter/index.ts";
import { unitOf } from "../chart/measures.ts";
import type { NameChoice } from "./name-list.tsx";

const UNIT_GROUPS: Readonly<Record<string, string>> = {
  count: "Counts",
  ratio: "Rates",
  tokens: "Tokens",
  usd: "Money",
  ms: "Time",
};

/** Everything that can be measured and grouped by: what every project has, and the scores and metadata of this one. */
export function useNames(range: RangeSearch) {
  const scores = useSpanValues("scoreName", range, "");
  const keys = useSpanValues("metadataKey", range, "");
  const measures: NameChoice[] = [
    ...Object.entries(SPAN_MEASURES).map(([name, { label, unit }]) => ({
      name,
      label,
      group: UNIT_GROUPS[unit] ?? unitLook(unitOf(name)).name,
    })),
    ...(scores.data?.items ?? []).map(({ value }) => ({ name: `score.${value}`, label: value, group: "Mean scores" })),
  ];
  const dimensions: NameChoice[] = [
    ...Object.entries(SPAN_DIMENSIONS)
      .filter(([name]) => name !== "time")
      .map(([name, label]) => ({ name, label, group: "Span" })),
    ...(keys.data?.items ?? []).map(({ value }) => ({ name: `metadata.${value}`, label: value, group: "Metadata" })),
  ];
  return { measures, dimensions };
}
