import { mkdir } from "node:fs/promises";
import { z } from "zod";
import { AppError } from "../../../../kernel/errors.ts";
import type { Launcher } from "../../../../platform/launch/port.ts";
import { trainerCommand } from "./trainer-command.ts";

type Asking = {
  readonly python: string;
  readonly words: readonly string[];
  readonly folder: string;
  readonly threads: number;
  readonly nice: number;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Each line of what it prints, as it comes. */
  readonly onLine?: (line: string) => void;
};

const BAD_JOB = 1;

/**
 * Runs a command of the trainer that answers in JSON. Throws `unprocessable` with its own sentence for a job or data that are wrong,
 * and `model_failed` when it broke.
 */
export async function askTrainer(launcher: Pick<Launcher, "ask">, asking: Asking): Promise<unknown> {
  const { folder, signal, timeoutMs, words, onLine } = asking;
  await mkdir(folder, { recursive: true });
  const answer = await launcher.ask(
    { folder, ...trainerCommand(asking) },
    { signal, timeoutMs, ...(onLine && { onLine }) },
  );
  const last = answer.stderr.trim().split("\n").at(-1) ?? "";
  if (answer.exitCode === BAD_JOB) throw new AppError("unprocessable", { message: sentenceOf(last) });
  if (answer.exitCode !== 0)
    throw new AppError("model_failed", { message: `The trainer command \`${words[0]}\` failed: ${sentenceOf(last)}` });
  return readAnswer(answer.stdout);
}

/** The last JSON value of what was printed: libraries print before it. */
function readAnswer(stdout: string): unknown {
  const whole = tryParse(stdout);
  if (whole !== undefined) return whole;
  const line = stdout
    .trim()
    .split("\n")
    .findLast((text) => tryParse(text) !== undefined);
  if (line !== undefined) return tryParse(line);
  throw new AppError("model_failed", { message: "The trainer returned a result that is not valid JSON." });
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

const Failure = z.object({ error: z.object({ message: z.string(), what_to_do: z.string().default("") }) });

/** Its reported problem and fix, or its last line unchanged. */
export function sentenceOf(line: string): string {
  const { success, data } = Failure.safeParse(tryParse(line));
  if (!success) return line.slice(0, 500) || "it reported no reason.";
  return `${data.error.message} ${data.error.what_to_do}`.trim();
}
