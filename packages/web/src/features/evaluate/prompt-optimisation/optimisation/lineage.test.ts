import { expect, test } from "vitest";
import type { Candidate } from "../shared/use-optimisations.ts";
import { lineageOf } from "./lineage.ts";

const made = (candidate: number, ...parents: number[]): Candidate => ({
  candidate,
  parents,
  change: "rewrite",
  reflection: "",
  changes: [],
  quality: 1,
  scored: 1,
  wins: 0,
  costUsd: null,
  tokens: null,
  latencyMs: null,
  length: 1,
  isOnFrontier: false,
  answersBefore: 0,
  content: {
    type: "text",
    template: "",
    format: "mustache",
    model: null,
    parameters: {},
    inputs: null,
    tools: [],
    responseFormat: null,
  },
});

test("each candidate is below its parent, and a merged candidate below its first parent", () => {
  const all = [made(0), made(1, 0), made(2, 1), made(3, 0), made(4, 3, 2)];
  expect(lineageOf(all).map(({ candidate, depth }) => [candidate.candidate, depth])).toEqual([
    [0, 0],
    [1, 1],
    [2, 2],
    [3, 1],
    [4, 2],
  ]);
});
