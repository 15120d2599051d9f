import { expect, test } from "vitest";
import { createAcknowledger } from "./acknowledge.ts";

const digest = (repeated: number, mark = 0) => ({ repeated, marks: Uint32Array.of(mark, mark) });

/** A keeper whose keeping ends when and how a test says. */
function start() {
  const endings: { resolve(): void; reject(error: Error): void }[] = [];
  const forgotten: number[] = [];
  const keeper = createAcknowledger<ReturnType<typeof digest>>({
    keep: () =>
      new Promise<void>((resolve, reject) => {
        endings.push({ resolve, reject });
      }),
    forget: ([mark = 0]) => void forgotten.push(mark),
  });
  return { keeper, endings, forgotten };
}
const lost = new Error("the disk is full");
const turn = () => new Promise((resolve) => setImmediate(resolve));

test("earlier spans are acknowledged once they are stored, and not sooner", async () => {
  const { keeper, endings, forgotten } = start();
  const stand = keeper.stand();
  const first = keeper.keep("proj_1", digest(0), stand);
  let isAcknowledged = false;
  const second = keeper.keep("proj_1", digest(1), stand).then(() => {
    isAcknowledged = true;
  });
  await turn();
  expect([endings.length, isAcknowledged]).toEqual([1, false]);
  endings[0]?.resolve();
  await first;
  await turn();
  endings[1]?.resolve();
  await second;
  expect([isAcknowledged, forgotten]).toEqual([true, []]);
});

test("when earlier spans cannot be stored, neither request is acknowledged, and both count as new when sent again", async () => {
  const { keeper, endings, forgotten } = start();
  const stand = keeper.stand();
  const first = keeper.keep("proj_1", digest(0, 1), stand);
  const second = keeper.keep("proj_1", digest(1, 2), stand);
  endings[0]?.reject(lost);
  await expect(first).rejects.toBe(lost);
  await expect(second).rejects.toMatchObject({ code: "unavailable", retryAfterSeconds: 1 });
  expect(forgotten).toEqual([1, 2]);
});

test("a request read while an earlier one was given up is repeated; a later request is not", async () => {
  const { keeper, endings } = start();
  const before = keeper.stand();
  const first = keeper.keep("proj_1", digest(0), before);
  endings[0]?.reject(lost);
  await expect(first).rejects.toBe(lost);
  await expect(keeper.keep("proj_1", digest(1), before)).rejects.toMatchObject({ code: "unavailable" });
  const later = keeper.keep("proj_1", digest(1), keeper.stand());
  await turn();
  endings[1]?.resolve();
  await later;
});

test("requests of new spans do not wait", async () => {
  const { keeper, endings } = start();
  const stand = keeper.stand();
  const slow = keeper.keep("proj_1", digest(0), stand);
  const quick = keeper.keep("proj_1", digest(0), stand);
  endings[1]?.resolve();
  await quick;
  endings[0]?.resolve();
  await slow;
});
