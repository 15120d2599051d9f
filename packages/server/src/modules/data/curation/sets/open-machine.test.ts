import { expect, test } from "vitest";
import { openMachine } from "./open-machine.ts";

const PARAMS = {
  layers: [
    {
      unit: "word",
      size: 2,
      ignoreNumbers: false,
      bands: 8,
      rowsPerBand: 2,
      threshold: 0.8,
      fromWords: 0,
      toWords: 1_000,
    },
  ],
  seed: 1,
} as const;
const never = new AbortController().signal;

test("a machine in a thread gives the same results as in this thread", async () => {
  const machine = openMachine("near", PARAMS, never);
  await machine.call("add", ["a b c", "d e f", "a b c"], [0, 0, 0]);
  expect([...(await machine.call("listCandidates"))]).toEqual([1, 0, 1]);
  await machine.call("addCandidates", [0, 2], ["a b c", "a b c"]);
  const { groups } = await machine.call("finish");
  expect([...groups]).toEqual([0, -1, 0]);
  await machine.close();
});

test("an error in the thread is returned as an error, and the next call is answered", async () => {
  const machine = openMachine("semantic", { threshold: 0.9 }, never);
  await expect(machine.call("add", [[1, 0], [1]], [])).rejects.toThrow(
    "a vector has 1 dimensions, but the others have 2",
  );
  expect((await machine.call("finish")).groups).toHaveLength(1);
  await machine.close();
});

test("aborting ends the thread immediately and rejects waiting calls with the reason", async () => {
  const aborting = new AbortController();
  const machine = openMachine("near", PARAMS, aborting.signal);
  const long = Array.from({ length: 200_000 }, (_, index) => `word${index} of many`);
  const waiting = machine.call("add", long, []);
  aborting.abort(new Error("not wanted any more"));
  await expect(waiting).rejects.toThrow("not wanted any more");
  await expect(machine.call("finish")).rejects.toThrow("not wanted any more");
  expect(() => openMachine("near", PARAMS, aborting.signal)).toThrow("not wanted any more");
});

test("a thread that is closed answers nothing more", async () => {
  const machine = openMachine("near", PARAMS, never);
  await machine.close();
  await expect(machine.call("finish")).rejects.toThrow("ended");
});
