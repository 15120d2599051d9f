import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { asking, createStepContext } from "../testing/step-context.ts";
import { embedItems } from "./embed-items.ts";
import { feed, gently } from "./feed.ts";

const items = Array.from({ length: 700 }, (_, seed) => asking(`it_${seed}`, `text ${seed}`));

test("vectors come in the order of the items, however long each takes", async () => {
  const numbersSeen: number[] = [];
  const embed = async (texts: readonly string[]) => {
    // The first ones take longest.
    await delay(texts[0] === "text 0" ? 60 : 1);
    return texts.map((text) => [Number(text.slice(5))]);
  };
  const take = async (vectors: readonly (readonly number[])[], some: readonly { itemId: string }[]) => {
    numbersSeen.push(...vectors.map(([number]) => number ?? -1));
    expect(some.map(({ itemId }) => itemId)).toEqual(vectors.map(([number]) => `it_${number}`));
  };
  await embedItems(createStepContext({ items }), { of: "prompt", embed, take });
  expect(numbersSeen).toEqual(items.map((_, seed) => seed));
});

test("a call that fails ends the reading with its error", async () => {
  const hand = async (_some: unknown, firstRow: number) => {
    if (firstRow > 0) throw new Error("no more");
  };
  await expect(feed(createStepContext({ items }), { from: 0, to: 1, hand })).rejects.toThrow("no more");
});

test("progress goes from one share to the other", async () => {
  const progress: number[] = [];
  const context = { ...createStepContext({ items }), progress: (share: number) => void progress.push(share) };
  await feed(context, { from: 0.5, to: 0.9, hand: async () => undefined });
  expect(progress).toEqual(progress.toSorted((one, two) => one - two));
  expect(progress.at(-1)).toBeCloseTo(0.9, 10);
});

test("while items are read others get their turn, and aborting ends it", async () => {
  const aborting = new AbortController();
  async function* read() {
    for (;;) yield asking("it", "again");
  }
  const turns = delay(30).then(() => aborting.abort(new Error("enough")));
  const reading = async () => {
    for await (const { itemId } of gently({ read, signal: aborting.signal })) expect(itemId).toBe("it");
  };
  await expect(reading()).rejects.toThrow("enough");
  await turns;
});
