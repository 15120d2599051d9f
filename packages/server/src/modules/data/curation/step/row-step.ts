import type { Item } from "@treadle/contract";
import type { z } from "zod";
import type { Step, StepContext, Verdict } from "./step.ts";

/** A verdict without the item, which the thread that asked still has. */
export type RowVerdict = Omit<Verdict, "item">;
export type Judge = (item: Item) => RowVerdict | Promise<RowVerdict>;

/** A step whose verdict depends only on the item. It runs in a separate thread. */
export type RowStep<Params extends z.ZodType = z.ZodType> = Omit<Step<Params>, "run" | "isSetWise"> & {
  judge(params: z.output<Params>, secret: Uint8Array): Judge;
};

/** Preserves the types of the parameters, which a list of steps loses. */
export const rowStep = <Params extends z.ZodType>(step: RowStep<Params>): RowStep => step;

const BATCH_ITEMS = 256;
const BATCH_CHARACTERS = 1_000_000;

/** The step as any other: its items go to the thread in batches, two on the way at a time. */
export const rowWise = (step: RowStep): Step => ({
  ...step,
  isSetWise: false,
  run: (context, params) => runRows(step.id, context, params),
});

async function* runRows(stepId: string, { tools, secret, read, signal }: StepContext, params: unknown) {
  const send = (items: readonly Item[]) => {
    const verdicts = tools.judge({ stepId, params, secret, items });
    // Handled in order, so that an earlier failure is not unhandled.
    verdicts.catch(() => undefined);
    return { items, verdicts };
  };
  let before: ReturnType<typeof send> | null = null;
  for await (const items of inBatches(read())) {
    signal.throwIfAborted();
    const next = send(items);
    if (before) yield* pair(before.items, await before.verdicts);
    before = next;
  }
  if (before) yield* pair(before.items, await before.verdicts);
}

function* pair(items: readonly Item[], verdicts: readonly RowVerdict[]): Generator<Verdict> {
  for (const [index, verdict] of verdicts.entries()) {
    const item = items[index];
    if (item) yield { ...verdict, item };
  }
}

/** Items in groups that are small enough to be handed to another thread. */
export async function* inBatches(items: AsyncIterable<Item>): AsyncGenerator<Item[]> {
  let batch: Item[] = [];
  let characters = 0;
  for await (const item of items) {
    batch.push(item);
    characters += sizeOf(item);
    if (batch.length < BATCH_ITEMS && characters < BATCH_CHARACTERS) continue;
    yield batch;
    batch = [];
    characters = 0;
  }
  if (batch.length > 0) yield batch;
}

/** About how many characters an item has, without writing it down. */
function sizeOf(value: unknown): number {
  if (typeof value === "string") return value.length;
  if (typeof value !== "object" || value === null) return 8;
  return Object.values(value).reduce((sum: number, entry) => sum + sizeOf(entry), 16);
}
