import type { GUARD_OPTIONS } from "@treadle/contract";
import type { LateDetector, LateFinding } from "@treadle/guards";
import { z } from "zod";
import type { Sandbox } from "../../../../platform/sandbox/port.ts";
import { createAnswerMemory } from "./answer-memory.ts";

type Options = z.output<(typeof GUARD_OPTIONS)["script"]>;
type Input = { readonly text: string; readonly trust: string };

/** The name of the function that a script declares. */
export const SCRIPT_ENTRY = "guard";

/** The rule's time ends a script, and no rule has more. */
const MOST_MS = 60_000;
const Score = z.number().min(0).max(1);
const Returned = z.union([
  z.boolean(),
  z.null(),
  Score,
  z
    .array(
      z.strictObject({
        kind: z
          .string()
          .regex(/^[a-z][a-z0-9-]{0,39}$/)
          .default("script"),
        score: Score.default(1),
      }),
    )
    .max(50),
]);

/** A function of the project. It runs in a separate process, and nothing but texts reaches it or comes back. */
export function createScript({ runCode }: { readonly runCode: Sandbox["run"] }): LateDetector<Options> {
  const remember = createAnswerMemory();

  async function run({ code, memoryMb }: Options, input: Input, signal: AbortSignal): Promise<readonly LateFinding[]> {
    const limits = { timeMs: MOST_MS, memoryMb };
    const outcome = await runCode({ code, entry: SCRIPT_ENTRY, input, limits }, signal);
    if (outcome.kind !== "value") throw new Error(`the script returned nothing: ${outcome.kind}`);
    return findingsOf(outcome.value);
  }

  return {
    name: "script",
    version: 1,
    async find(text, options, { threshold, trust, signal }) {
      const findings = await remember([options, trust, text], () => run(options, { text, trust }, signal));
      return findings.filter(({ score }) => score >= threshold);
    },
  };
}

/** Throws for a value that is no result. */
function findingsOf(value: unknown): readonly LateFinding[] {
  const returned = Returned.parse(value);
  if (typeof returned === "object" && returned !== null) return returned;
  const score = Number(returned ?? 0);
  return score > 0 ? [{ kind: "script", score }] : [];
}
