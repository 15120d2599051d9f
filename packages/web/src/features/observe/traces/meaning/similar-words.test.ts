import { expect, test } from "vitest";
import { ApiError } from "../../../../api.ts";
import { doingOf, shownOf, summaryOf, troubleOf } from "./similar-words.ts";

const outcome = { comparedSpans: 500, isPartial: false, among: 500, total: 500 as number | undefined };

test("a result shows the share of the data on which it is based", () => {
  expect(summaryOf({ ...outcome, total: 12_480 })).toBe("Compared the newest 500 of 12,480 spans.");
  expect(summaryOf({ ...outcome, comparedSpans: 312, total: 312 })).toBe("Compared all 312 spans in this time range.");
  expect(summaryOf({ ...outcome, comparedSpans: 311, total: 312 })).toBe(
    "Compared 311 spans; 1 in this time range has no text.",
  );
  expect(summaryOf({ ...outcome, total: undefined })).toBe("Compared 500 spans.");
});

test("a part is called one", () => {
  const part = { ...outcome, comparedSpans: 96, isPartial: true };
  expect(summaryOf({ ...part, total: 12_480 })).toBe("Compared 96 of the newest 500 spans before the time limit.");
  expect(summaryOf({ ...part, total: 200 })).toBe("Compared 96 of the newest 200 spans before the time limit.");
});

test("what is nearest but far is not called a find", () => {
  expect(shownOf([])).toBe("");
  expect(shownOf([{ similarity: 0.9 }])).toBe("Showing the closest span.");
  expect(shownOf([{ similarity: 0.34 }, { similarity: 0.1 }])).toBe("Showing the 2 closest spans, but none is close.");
});

const failed = (status: number, code: string) => new ApiError({ status, code, message: "Why it failed." });

test("what is awaited is named: the model, room for it, or the comparison", () => {
  const wait = { model: "loaded", among: 500, failure: null } as const;
  expect(doingOf(wait)[0]).toContain("Comparing the newest 500 spans");
  expect(doingOf({ ...wait, model: "ready" })[0]).toContain("Loading the embedding model");
  expect(doingOf({ ...wait, failure: failed(503, "overloaded") })).toEqual([
    "Waiting for the embedding model…",
    "Why it failed.",
  ]);
});

test("a missing permission is not offered to be tried again; a missing model leads to the models", () => {
  expect(troubleOf(failed(403, "forbidden"))).toMatchObject({ canRetry: false, isModel: false });
  for (const code of ["model_failed", "overloaded", "unprocessable"])
    expect(troubleOf(failed(500, code))).toMatchObject({ canRetry: true, isModel: true });
  expect(troubleOf(new Error("x"))).toMatchObject({ title: "The spans could not be compared", canRetry: true });
});
