import type { IssueSettings } from "./use-issues.ts";

type Threshold = IssueSettings["scores"][number];
const LINE = /^(.+?)\s*([<>])\s*(-?\d+(?:\.\d+)?)$/;

/** Thresholds as lines of text. */
export const writeThresholds = (thresholds: readonly Threshold[]): string =>
  thresholds.map(({ score, direction, value }) => `${score} ${direction === "above" ? ">" : "<"} ${value}`).join("\n");

/** The other way. `problem` names the first line that cannot be read. */
export function readThresholds(text: string): { thresholds: Threshold[]; problem: string } {
  const thresholds: Threshold[] = [];
  for (const line of text.split("\n").map((one) => one.trim())) {
    if (line === "") continue;
    const [, score, sign, value] = LINE.exec(line) ?? [];
    if (!score) return { thresholds, problem: `"${line}" is not a threshold. Write a line such as helpful < 0.5.` };
    thresholds.push({ score, direction: sign === ">" ? "above" : "below", value: Number(value) });
  }
  return { thresholds, problem: "" };
}
