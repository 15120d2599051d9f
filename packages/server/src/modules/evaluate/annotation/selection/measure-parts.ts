import type { Score, SelectionInput, Span } from "@treadle/contract";
import type { Parts } from "./choose.ts";

export type Judged = { readonly span: Span; readonly scores: readonly Score[] };

/** The criteria for labeling each span. Criteria that vary between spans are normalized. */
export function measureParts(all: readonly Judged[], { judges, passAt, importance }: SelectionInput): Parts[] {
  const judged = all.map(({ scores }) => judges.map((name) => newest(scores, name)));
  const ranges = judges.map((_, judge) => rangeOf(judged.map((values) => values[judge] ?? null)));
  const values = all.map(({ span }) => importanceOf(span, importance));
  const [low, high] = rangeOf(values);
  return all.map((_, place) => {
    const given = (judged[place] ?? []).flatMap((value, judge) => {
      const [from, to] = ranges[judge] ?? [0, 0];
      return value === null ? [] : [{ value, from, to }];
    });
    const value = values[place] ?? null;
    return {
      uncertain: meanOf(
        given.map(({ value: score, from, to }) => unsureness(score, passAt, Math.max(passAt - from, to - passAt))),
      ),
      disagreement: spreadOf(
        given.map(({ value: score, from, to }) => (to > from ? (score - from) / (to - from) : 0.5)),
      ),
      important: value === null || high === low ? 0 : (value - low) / (high - low),
    };
  });
}

/** 1 at the line between good and bad, 0 at the far end. */
const unsureness = (score: number, passAt: number, far: number) =>
  far <= 0 ? 0 : Math.max(0, 1 - Math.abs(score - passAt) / far);

const newest = (scores: readonly Score[], name: string): number | null =>
  scores.filter((score) => score.name === name && score.value !== null).at(-1)?.value ?? null;

function importanceOf({ costUsd, inputTokens, outputTokens, metadata }: Span, by: string | undefined): number | null {
  if (by === undefined) return null;
  if (by === "cost") return costUsd;
  if (by === "tokens") return inputTokens + outputTokens;
  const said = metadata[by.slice("metadata.".length)];
  const value = said === undefined || said === "" ? Number.NaN : Number(said);
  return Number.isFinite(value) ? value : null;
}

function rangeOf(values: readonly (number | null)[]): readonly [low: number, high: number] {
  const there = values.filter((value) => value !== null);
  return there.length === 0 ? [0, 0] : [Math.min(...there), Math.max(...there)];
}

const meanOf = (values: readonly number[]) =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;

/** Twice the standard deviation: 1 where half say 0 and half say 1. */
function spreadOf(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const mean = meanOf(values);
  return 2 * Math.sqrt(meanOf(values.map((value) => (value - mean) ** 2)));
}
