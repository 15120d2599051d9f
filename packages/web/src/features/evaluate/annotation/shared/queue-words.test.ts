import { expect, test } from "vitest";
import { formatTime } from "../../../../components/text/format.ts";
import { endWords } from "./queue-words.ts";

test("a queue with all answers is complete, whatever its pace", () => {
  const answers = { given: 258, wanted: 258 };
  expect(endWords({ doneAt: null, answers })).toBe("Complete");
  expect(endWords({ doneAt: "2026-01-01T10:00:00.000Z", answers })).toBe("Complete");
});

test("an unfinished queue shows its expected end, or that the end is unknown", () => {
  const answers = { given: 3, wanted: 258 };
  const doneAt = "2026-01-01T10:00:00.000Z";
  expect(endWords({ doneAt, answers })).toBe(formatTime(doneAt));
  expect(endWords({ doneAt: null, answers })).toBe("Unknown");
});
