import { type Estimate, RECENT_DAYS } from "@treadle/contract";
import { scoresOf } from "../../observe/traces/index.ts";
import { makePair } from "../calibration/index.ts";
import { dayPlus, startOf } from "./days.ts";
import type { LiveAgreementDeps } from "./deps.ts";
import { measureKappa } from "./measure-kappa.ts";
import type { AgreementRow } from "./stores/agreement-store.ts";
import { type CountedPair, createDayStore, MOST_NEWEST } from "./stores/day-store.ts";
import { createLabelStore, type LabelledSpan, MOST_PAIRS } from "./stores/label-store.ts";

/** Pairs that are found later than this after they became complete do not count. */
const LATE_DAYS = 7;

export type Counted = { readonly day: string; readonly added: readonly CountedPair[]; readonly kappa: Estimate };
type Days = { readonly first: string; readonly last: string };

/** Reads the pairs of days that were not counted yet. Holds no transaction. */
export function createCounting({ db, columnar, ask }: Pick<LiveAgreementDeps, "db" | "columnar" | "ask">) {
  const labels = createLabelStore(columnar, scoresOf);
  const days = createDayStore(db);
  return {
    /** The new pairs, by day, and the last day that was read. Pairs that are late belong to the first day. */
    async read(projectId: string, row: AgreementRow, { first, last }: Days) {
      const from = new Date(Math.max(startOf(dayPlus(first, -LATE_DAYS)).getTime(), startOf(row.firstDay).getTime()));
      const { score, label } = row;
      const spans = await labels.list(projectId, { score, label, from, to: startOf(dayPlus(last, 1)) });
      const known = await days.listKnown(row.id, [...new Set(spans.map(({ trace_id }) => trace_id))]);
      const added = spans
        .filter((span) => !known.has(keyOf(span)))
        .flatMap((span) => pairOf(row, span, span.day < first ? first : span.day));
      // What was cut off is late on the next day.
      const end = spans.length < MOST_PAIRS ? last : (added.at(-1)?.day ?? first);
      return { last: end, pairs: Map.groupBy(added, ({ day }) => day) };
    },

    /** A day with κ of the recent days, from at most 20,000 pairs. */
    async count(row: AgreementRow, day: string, added: readonly CountedPair[]): Promise<Counted> {
      const earlier = await days.listNewest(row.id, dayPlus(day, 1 - RECENT_DAYS), dayPlus(day, -1));
      const newest = [...added, ...earlier].slice(0, MOST_NEWEST);
      return { day, added, kappa: await measureKappa({ ask }, row.scale, newest) };
    },
  };
}

const keyOf = ({ trace_id, span_id }: LabelledSpan) => `${trace_id}:${span_id}`;

/** Nothing where one side cannot be read on the scale. */
function pairOf(row: AgreementRow, span: LabelledSpan, day: string): CountedPair[] {
  const [traceId, spanId] = [span.trace_id, span.span_id];
  const raw = {
    key: keyOf(span),
    traceId,
    spanId,
    human: span.human_value ?? span.human_label,
    judge: { value: span.judge_value, label: span.judge_label || null },
    reason: "",
    facets: {},
  };
  const { distance, human, judge, humanValue, judgeValue } = makePair(row.id, raw, row);
  if (distance === null) return [];
  const disagrees = isApart(row, distance);
  return [{ agreementId: row.id, traceId, spanId, day, human, judge, humanValue, judgeValue, disagrees }];
}

/** Pass or fail and labels disagree when they differ, numbers when they are further apart than the tolerance. */
export const isApart = ({ scale, tolerance }: Pick<AgreementRow, "scale" | "tolerance">, distance: number) =>
  scale === "number" ? distance > tolerance : distance !== 0;
