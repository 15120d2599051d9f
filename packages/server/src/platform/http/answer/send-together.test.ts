import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, test } from "vitest";
import { createSendTogether } from "./send-together.ts";

const unexpected = (error: unknown) => expect.unreachable(String(error));

test("answers wait for the end of the turn and go in the order they were ready", async () => {
  const sendTogether = createSendTogether();
  const sent: number[] = [];
  for (const answer of [1, 2, 3]) sendTogether(() => sent.push(answer), unexpected);
  await Promise.resolve();
  expect(sent).toEqual([]);
  await nextTurn();
  expect(sent).toEqual([1, 2, 3]);
});

test("what becomes ready while the others are sent goes in the next turn", async () => {
  const sendTogether = createSendTogether();
  const sent: string[] = [];
  sendTogether(() => {
    sent.push("first");
    sendTogether(() => sent.push("later"), unexpected);
  }, unexpected);
  await nextTurn();
  await nextTurn();
  expect(sent).toEqual(["first", "later"]);
});

test("a message that cannot be sent does not block others, and its own caller gets the error", async () => {
  const sendTogether = createSendTogether();
  const sent: string[] = [];
  const failed: unknown[] = [];
  sendTogether(
    () => {
      throw new Error("a header with a line break");
    },
    (error) => failed.push(error),
  );
  sendTogether(() => sent.push("second"), unexpected);
  await nextTurn();
  expect(sent).toEqual(["second"]);
  expect(failed).toEqual([new Error("a header with a line break")]);
});
