import { createHash } from "node:crypto";
import type { Item, TrainingConfig } from "@treadle/contract";

export type Side = "train" | "val";

/** Names of splits that are held out by themselves. */
const HELD_OUT = ["validation", "val", "eval", "dev"];
/** Never used for training and evaluation: these items are for the final test of a model. */
const KEPT_FOR_TESTS = new Set(["test", "holdout"]);

type Choice = {
  readonly split: string | null;
  readonly val: TrainingConfig["val"];
  readonly seed: number;
  /** The splits that there are. */
  readonly splits: ReadonlySet<string | null>;
};

/**
 * The side of each item. Null for an item without a side. The same item is on the same side in every run with the same
 * seed.
 */
export function createSides({ split, val, seed, splits }: Choice): (item: Item) => Side | null {
  const heldOut = val.split ?? HELD_OUT.find((name) => splits.has(name)) ?? null;
  const trained = split ?? (splits.has("train") ? "train" : null);
  return function sideOf(item) {
    if (heldOut !== null && item.split === heldOut) return "val";
    const isOffered = trained === null ? !KEPT_FOR_TESTS.has(item.split ?? "") : item.split === trained;
    if (!isOffered) return null;
    if (heldOut !== null) return "train";
    return drawOf(String(seed), groupOf(item, val.group_by)) < val.fraction ? "val" : "train";
  };
}

/** The sides of one source of a configuration; `splits` are those that it has. */
export function sidesOfSource(
  config: Pick<TrainingConfig, "datasets" | "val" | "seed">,
  place: number,
  splits: ReadonlySet<string | null>,
): (item: Item) => Side | null {
  if (config.datasets[place]?.hold_out) return () => "val";
  const isHeldOut = config.datasets.some(({ hold_out }) => hold_out);
  const val = isHeldOut ? { ...config.val, fraction: 0 } : config.val;
  return createSides({ split: config.datasets[place]?.split ?? null, val, seed: config.seed, splits });
}

/** Rows of one group are never on both sides: by default those that ask the same. */
function groupOf(item: Item, field: string | null): string {
  const value = field === null ? item.inputs : field.split(".").reduce<unknown>(inner, item);
  return JSON.stringify(value ?? item.inputs);
}

const inner = (value: unknown, key: string): unknown =>
  typeof value === "object" && value !== null && key in value ? Reflect.get(value, key) : undefined;

/** A number from 0 up to 1 that hangs on the seed and the group alone. */
const drawOf = (seed: string, group: string): number =>
  createHash("sha256").update(`${seed}\0${group}`).digest().readUIntBE(0, 6) / 2 ** 48;
