import { expect, test } from "vitest";
import type { PairEvidence } from "../evidence/evidence.ts";
import { countCircles, findConflicts } from "./find-conflicts.ts";

const pair = (chosen: string, rejected: string, more: Partial<PairEvidence> = {}): PairEvidence => ({
  kind: "pairwise",
  prompt: [{ role: "user", content: "Which?" }],
  tools: null,
  isTie: false,
  margin: 1,
  chosen: [{ role: "assistant", content: chosen }],
  rejected: [{ role: "assistant", content: rejected }],
  chosenVariant: "",
  rejectedVariant: "",
  votes: { chosen: 2, rejected: 0, tie: 0 },
  conflict: null,
  origin: {
    sourceIds: [],
    annotators: [],
    guidelineVersion: null,
    isGuidelineCurrent: true,
    consent: true,
    createdAt: "",
    traceId: null,
    spanId: null,
    model: "",
  },
  ...more,
});

test("pairs that say the opposite, go round or are divided are found, and others left alone", () => {
  expect(findConflicts([pair("a", "b"), pair("b", "a"), pair("c", "d")])).toEqual([
    "contradiction",
    "contradiction",
    null,
  ]);
  expect(findConflicts([pair("a", "b"), pair("b", "c"), pair("c", "a")])).toEqual(["circle", "circle", "circle"]);
  expect(findConflicts([pair("a", "b"), pair("b", "c"), pair("a", "c")])).toEqual([null, null, null]);
  expect(findConflicts([pair("a", "b", { votes: { chosen: 5, rejected: 4, tie: 0 } })])).toEqual(["divided"]);
  expect(findConflicts([pair("a", "b"), pair("b", "a", { isTie: true })])).toEqual([null, null]);
  const elsewhere = [{ role: "user", content: "Another prompt" }];
  expect(findConflicts([pair("a", "b"), pair("b", "a", { prompt: elsewhere })])).toEqual([null, null]);
});

test("circles among three compared answers are detected", () => {
  expect(countCircles([pair("a", "b"), pair("b", "c"), pair("c", "a")])).toEqual({ triples: 1, circular: 1 });
  expect(countCircles([pair("a", "b"), pair("b", "c"), pair("a", "c")])).toEqual({ triples: 1, circular: 0 });
  expect(countCircles([pair("a", "b"), pair("b", "c")])).toEqual({ triples: 0, circular: 0 });
});
