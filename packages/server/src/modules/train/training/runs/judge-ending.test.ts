import { expect, test } from "vitest";
import type { Ending } from "./follow-run.ts";
import { judgeEnding } from "./judge-ending.ts";

const artifact = { kind: "adapter", path: "final", files: {} } as const;
const facts = { wanted: "run" as const, stopReason: null, error: null, lastLine: "", artifacts: [artifact] };
const exit = (exitCode: number | null): Ending => ({ kind: "ended", exitCode });
const wrong = { kind: "platform", code: "bad_rows", message: "Row 3 is wrong.", whatToDo: "Mend it." } as const;

const CASES = [
  ["a result is kept", exit(0), { stopReason: "completed" }, "saving", null],
  ["a run that was ended early has a result", exit(0), { stopReason: "user", wanted: "stop" }, "saving", null],
  ["a budget that is spent is no failure", exit(0), { stopReason: "budget" }, "saving", null],
  ["a pause that came too late changes nothing", exit(0), { stopReason: "completed", wanted: "pause" }, "saving", null],
  ["a pause is a pause", exit(3), { stopReason: "signal", wanted: "pause" }, "paused", null],
  ["a pause that had to be forced is one too", exit(null), { wanted: "pause" }, "paused", null],
  ["a machine that goes down pauses", exit(3), { stopReason: "signal" }, "paused", null],
  ["what was cancelled has no result", exit(0), { stopReason: "completed", wanted: "cancel" }, "cancelled", null],
  ["wrong data is the asker's to mend", exit(1), { error: wrong }, "failed", ["user", "bad_rows"]],
  [
    "a loss that is no number is the asker's to mend",
    exit(0),
    { stopReason: "non_finite_loss" },
    "failed",
    ["user", "non_finite_loss"],
  ],
  [
    "a loss that is no number is told so, whatever the code",
    exit(2),
    { stopReason: "non_finite_loss" },
    "failed",
    ["user", "non_finite_loss"],
  ],
  [
    "stopped before the first step, there is nothing to keep",
    exit(0),
    { stopReason: "user", wanted: "stop", artifacts: [] },
    "cancelled",
    null,
  ],
  [
    "a budget that was spent before the first step is too small",
    exit(0),
    { stopReason: "budget", artifacts: [] },
    "failed",
    ["user", "no_result"],
  ],
  ["a crash is the platform's", exit(2), {}, "failed", ["platform", "training_failed"]],
  ["a kill is told as one", exit(137), {}, "failed", ["platform", "killed"]],
  ["a kill of all is told as one", exit(null), {}, "failed", ["platform", "killed"]],
  [
    "stopped on a cluster, it has saved",
    { ...exit(null), message: "Stopped." },
    { stopReason: "signal" },
    "paused",
    null,
  ],
  ["what a cluster said is told", { ...exit(null), message: "No room." }, {}, "failed", ["platform", "cluster_ended"]],
  [
    "what a cluster said of what never began is told",
    { ...exit(127), message: "There is no such Python." },
    {},
    "failed",
    ["platform", "cluster_ended"],
  ],
  ["another signal is named", exit(139), {}, "failed", ["platform", "signalled"]],
  ["silence is told", { kind: "silent" }, {}, "failed", ["platform", "not_heard_of"]],
  ["a missing folder is told", { kind: "unknown" }, {}, "failed", ["platform", "process_missing"]],
  ["an end without a word is no success", exit(0), {}, "failed", ["platform", "no_result"]],
] as const;
for (const [name, ending, more, status, error] of CASES)
  test(name, () => {
    const judged = judgeEnding(ending, { ...facts, ...more });
    expect(judged.status).toBe(status);
    expect(judged.error && [judged.error.kind, judged.error.code]).toEqual(error);
  });

test("what the trainer said last is the reason where it gave no other", () => {
  const { error } = judgeEnding(exit(2), { ...facts, lastLine: "ImportError: no torch" });
  expect(error?.message).toBe("The trainer failed: ImportError: no torch");
});
