import { alignLists } from "../../../../components/text/compare-texts.ts";
import { childrenOf } from "../model/critical-path.ts";
import type { TraceModel } from "../model/trace-model.ts";

/** A step of both traces, or of one of them with -1 for the other. */
export type DiffRow = { readonly a: number; readonly b: number; readonly depth: number };

const keyOf = (model: TraceModel) => (place: number) => `${model.kinds[place]} ${model.names[place]}`;

/** Lays two traces over each other from the top: children of paired steps are paired when they are called the same, in order. */
export function diffTraces(a: TraceModel, b: TraceModel): readonly DiffRow[] {
  const rows: DiffRow[] = [];
  const waiting: DiffRow[] = pairsBelow({ a: -1, b: -1, depth: -1 }, a, b);
  for (let row = waiting.pop(); row; row = waiting.pop()) {
    rows.push(row);
    for (const child of pairsBelow(row, a, b)) waiting.push(child);
  }
  return rows;
}

/** What is below a pair, the last first. */
function pairsBelow(row: DiffRow, a: TraceModel, b: TraceModel): DiffRow[] {
  const isTop = row.depth < 0;
  const childrenA = isTop || row.a >= 0 ? childrenOf(a, row.a) : [];
  const childrenB = isTop || row.b >= 0 ? childrenOf(b, row.b) : [];
  return alignLists(childrenA.map(keyOf(a)), childrenB.map(keyOf(b)))
    .map(([left, right]) => ({ a: childrenA[left] ?? -1, b: childrenB[right] ?? -1, depth: row.depth + 1 }))
    .reverse();
}

/** Whether a reader who looks for differences wants to see this row: a step that one trace lacks, or that ended otherwise. */
export const isDifferent = ({ a, b }: DiffRow, left: TraceModel, right: TraceModel): boolean =>
  a < 0 || b < 0 || left.statuses[a] !== right.statuses[b] || left.models[a] !== right.models[b];
