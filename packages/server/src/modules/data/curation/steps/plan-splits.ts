import type { Item } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import { fieldOf, fieldText } from "../items/item-field.ts";
import { gently, type Reading } from "../step/feed.ts";
import { drawOf, type Groups } from "./split-groups.ts";

export type SplitShare = { readonly split: string; readonly share: number };
export type SplitChoice = {
  /** Their shares add up to 1. By time the first ones are the oldest. */
  readonly splits: readonly SplitShare[];
  readonly salt: string;
  /** Fields whose values name a group; without one it is named by its first item. */
  readonly groupBy: readonly string[];
  /** Items that are in a split stay there, and the rest of their group joins them. */
  readonly keepAssigned: boolean;
} & (
  | { readonly method: "hash" }
  | { readonly method: "stratified"; readonly field: string }
  | { readonly method: "time"; readonly field: string; readonly cuts: readonly string[] }
);

/** Names of splits, and for each row which of them it is in. */
export type SplitPlan = { readonly names: readonly string[]; readonly splits: Int16Array };

const NONE = -1;

/** Puts every row into a split: rows of a group into the same one, but for those that are to stay where they are. */
export async function planSplits(reading: Reading, groups: Groups, choice: SplitChoice): Promise<SplitPlan> {
  const facts = await readFacts(reading, groups, choice);
  const open = facts.roots.filter((root) => facts.assigned[root] === NONE);
  if (choice.method === "time") assignByTime(facts, open, choice);
  else if (choice.method === "stratified") assignByStratum(facts, open, choice);
  else for (const root of open) facts.assigned[root] = placeOf(facts.draws[root] ?? 0, choice.splits);
  const splits = facts.own.map((own, row) => (own === NONE ? (facts.assigned[groups.find(row)] ?? 0) : own));
  return { names: facts.names, splits };
}

/** The state of groups, by the first row of each, and the rows that keep their split. */
type Facts = {
  readonly names: string[];
  readonly own: Int16Array;
  readonly roots: number[];
  readonly assigned: Int16Array;
  readonly sizes: Uint32Array;
  readonly draws: Float64Array;
  readonly strata: Int32Array;
  readonly times: Float64Array;
};

async function readFacts({ read, signal, rows }: Reading, groups: Groups, choice: SplitChoice): Promise<Facts> {
  const facts: Facts = {
    names: choice.splits.map(({ split }) => split),
    own: new Int16Array(rows).fill(NONE),
    roots: [],
    assigned: new Int16Array(rows).fill(NONE),
    sizes: new Uint32Array(rows),
    draws: new Float64Array(rows),
    strata: new Int32Array(rows),
    times: new Float64Array(choice.method === "time" ? rows : 0).fill(Number.NEGATIVE_INFINITY),
  };
  const strata = new Map<string | null, number>();
  let row = 0;
  for await (const item of gently({ read, signal })) {
    const root = groups.find(row);
    facts.sizes[root] = (facts.sizes[root] ?? 0) + 1;
    if (root === row) {
      facts.roots.push(root);
      facts.draws[root] = drawOf(choice.salt, nameOf(item, choice.groupBy));
      if (choice.method === "stratified") facts.strata[root] = numberOf(strata, fieldText(item, choice.field));
    }
    if (choice.method === "time") facts.times[root] = Math.max(facts.times[root] ?? 0, timeOf(item, choice.field));
    if (choice.keepAssigned && item.split !== null) noteAssigned(facts, { row, root, split: item.split });
    row++;
  }
  return facts;
}

/** The first of a group to be in a split takes the others with it. */
function noteAssigned({ names, own, assigned }: Facts, at: { row: number; root: number; split: string }): void {
  if (!names.includes(at.split)) names.push(at.split);
  const place = names.indexOf(at.split);
  own[at.row] = place;
  if (assigned[at.root] === NONE) assigned[at.root] = place;
}

function assignByTime({ roots, times, sizes, assigned }: Facts, open: readonly number[], choice: SplitChoice): void {
  const cuts = choice.method === "time" ? choice.cuts.map((cut) => Date.parse(cut)) : [];
  if (cuts.length > 0) {
    for (const root of open) assigned[root] = cuts.filter((cut) => (times[root] ?? 0) >= cut).length;
    return;
  }
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const isOpen = new Set(open);
  let before = 0;
  for (const root of roots.toSorted((one, two) => (times[one] ?? 0) - (times[two] ?? 0))) {
    // Where the middle of the group lies, so that a large one does not shift those after it.
    const size = sizes[root] ?? 0;
    if (isOpen.has(root)) assigned[root] = placeOf((before + size / 2) / total, choice.splits);
    before += size;
  }
}

/** Within each stratum the groups in the order of their draws, each to the split that lacks most. */
function assignByStratum(facts: Facts, open: readonly number[], { splits }: SplitChoice): void {
  const { strata, sizes, assigned, roots, draws } = facts;
  const counts = new Map<number, number[]>();
  const countsOf = (root: number) => {
    const known = counts.get(strata[root] ?? 0) ?? splits.map(() => 0);
    counts.set(strata[root] ?? 0, known);
    return known;
  };
  const add = (root: number, place: number) => {
    const of = countsOf(root);
    if (place < of.length) of[place] = (of[place] ?? 0) + (sizes[root] ?? 0);
  };
  for (const root of roots) if (assigned[root] !== NONE) add(root, assigned[root] ?? 0);
  for (const root of open.toSorted((one, two) => (draws[one] ?? 0) - (draws[two] ?? 0))) {
    const of = countsOf(root);
    const total = of.reduce((sum, count) => sum + count, 0) + (sizes[root] ?? 0);
    const lacks = splits.map(({ share }, place) => share * total - (of[place] ?? 0));
    const place = lacks.indexOf(Math.max(...lacks));
    assigned[root] = place;
    add(root, place);
  }
}

/** The split for a number from 0 up to 1. */
function placeOf(number: number, splits: readonly SplitShare[]): number {
  let end = 0;
  for (const [place, { share }] of splits.entries()) {
    end += share;
    if (number < end) return place;
  }
  return splits.length - 1;
}

function nameOf(item: Item, groupBy: readonly string[]): string {
  const values = groupBy.map((field) => fieldText(item, field));
  return values.some((value) => value !== null) ? JSON.stringify(values) : item.itemId;
}

function numberOf<Key>(numbers: Map<Key, number>, key: Key): number {
  const number = numbers.get(key) ?? numbers.size;
  numbers.set(key, number);
  return number;
}

/** Numbers below this are seconds since 1970. */
const MOST_SECONDS = 100_000_000_000;

function timeOf(item: Item, field: string): number {
  const value = fieldOf(item, field);
  const time =
    typeof value === "number" ? value * (Math.abs(value) < MOST_SECONDS ? 1_000 : 1) : Date.parse(String(value ?? ""));
  if (Number.isFinite(time)) return time;
  throw new AppError("unprocessable", {
    message: `Item ${item.itemId} has no time in ${field}. Set one, such as "2025-01-31T12:00:00Z" or seconds since 1970, or split by hash.`,
    details: { itemId: item.itemId, field },
  });
}
