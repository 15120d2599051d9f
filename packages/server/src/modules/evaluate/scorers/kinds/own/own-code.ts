import { z } from "zod";
import { defineKind, failed } from "../../scoring/kind.ts";
import { readResult } from "../../scoring/read-result.ts";

const Params = z.strictObject({
  code: z
    .string()
    .min(1)
    .max(200_000)
    .describe(
      "TypeScript with a function `score(sample)` that returns a number, true or false, null, or { value, label, reason }.",
    ),
  timeMs: z.number().int().min(10).max(30_000).default(1_000).describe("The time limit per sample."),
  memoryMb: z.number().int().min(16).max(1_024).default(64),
});

export const ownCode = defineKind({
  id: "code",
  label: "Own code",
  group: "code",
  summary:
    "Your own TypeScript function. It runs in a process without network, files, environment or secrets. It is stopped and fails when it exceeds the time or memory limit.",
  params: Params,
  output: { type: "number", min: null, max: null, direction: "higher", unit: "" },
  needs: ["sandbox"],
  check: ({ code }, { sandbox }) => sandbox.check({ code, entry: "score" }),
  open:
    ({ code, ...limits }) =>
    async (sample, tools) => {
      const outcome = await tools.runCode({ code, entry: "score", input: sample, limits });
      if (outcome.kind === "value")
        return readResult(outcome.value, outcome.logs.length > 0 ? { logs: outcome.logs } : {});
      return failed(`The code returned no score: ${outcome.message}`, { failure: outcome.kind });
    },
});
