import type { Answer } from "@treadle/sdk";
import type { Command } from "commander";
import { addOperation } from "../../operations/add-operation.ts";
import { findOperation } from "../../operations/manifest.ts";
import { isObject } from "../../output/cells.ts";
import type { Io } from "../../shared/io.ts";
import { inDigits } from "../../suites/number-words.ts";

type Scores = Answer<"GET /api/v1/runs/:runId">["scores"];

export function addRuns(program: Command, io: Io) {
  const columns = ["runId", "status", "name", "experimentName", "scores", "gate", "costUsd", "createdAt"];
  addOperation(program.command("runs"), { ...findOperation("listRuns"), columns }, { io, rowOf: withScores });
}

/** Such as `exact-match 0.920, judge 0.810`. */
const withScores = (row: unknown) =>
  isObject(row) && isScores(row.scores)
    ? { ...row, scores: row.scores.map(({ scorer, value }) => `${scorer} ${inDigits(value)}`) }
    : row;

const isScores = (value: unknown): value is Scores =>
  Array.isArray(value) && value.every((score) => isObject(score) && typeof score.scorer === "string");
