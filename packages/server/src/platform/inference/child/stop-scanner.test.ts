import { expect, test } from "vitest";
import { createStopScanner } from "./stop-scanner.ts";

/** Every way to cut a text into three pieces. */
function* cuts(text: string) {
  for (let first = 0; first <= text.length; first++) {
    for (let second = first; second <= text.length; second++)
      yield [text.slice(0, first), text.slice(first, second), text.slice(second)];
  }
}

function scan(pieces: readonly string[], stops: readonly string[]) {
  const scanner = createStopScanner(stops);
  let shown = "";
  for (const piece of pieces) {
    const step = scanner.push(piece);
    shown += step.text;
    if (step.isStopped) return { shown, isStopped: true };
  }
  return { shown: shown + scanner.end(), isStopped: false };
}

test("a stop sequence and all after it is left out, wherever the text was cut", () => {
  for (const pieces of cuts("one\nENDtwo")) expect(scan(pieces, ["END"])).toEqual({ shown: "one\n", isStopped: true });
});

test("the stop sequence that begins first wins", () => {
  for (const pieces of cuts("ab--cd##")) expect(scan(pieces, ["##", "--"])).toEqual({ shown: "ab", isStopped: true });
});

test("what only looked like a beginning is given out in the end", () => {
  for (const pieces of cuts("aaEN EN")) expect(scan(pieces, ["END"])).toEqual({ shown: "aaEN EN", isStopped: false });
});

test("without stop sequences nothing is held back", () => {
  const scanner = createStopScanner([]);
  expect(scanner.push("text")).toEqual({ text: "text", isStopped: false });
});
