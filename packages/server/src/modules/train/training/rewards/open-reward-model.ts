import { mkdir } from "node:fs/promises";
import { z } from "zod";
import { AppError } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import { type BaseDeps, openBase } from "../runs/prepare-run.ts";
import { sentenceOf } from "../trainer/ask-trainer.ts";
import { requirePython } from "../trainer/find-python.ts";
import { threadsFor } from "../trainer/run-place.ts";
import { trainerCommand } from "../trainer/trainer-command.ts";

/** A conversation and the answer that is scored. */
export type RewardItem = {
  readonly messages: readonly Readonly<Record<string, unknown>>[];
  readonly answer: string;
};
const Scored = z.union([z.object({ reward: z.number(), tokens: z.number() }), z.object({ error: z.string() })]);
type Scored = z.output<typeof Scored>;
const Answer = z.object({ items: z.array(Scored) });

/** A reward model in a process that has loaded it, or is loading it. */
export type RewardProcess = {
  /** One batch at a time. Throws when the process ended; it cannot be used after that. */
  score(items: readonly RewardItem[]): Promise<readonly Scored[]>;
  end(): void;
};

export type RewardDeps = BaseDeps & {
  readonly registry: {
    /** The version that a reference names now. Throws `not_found`, or `unprocessable` where it is not a reward model. */
    findReward(scope: Scope, ref: string): Promise<{ readonly versionId: string; readonly name: string }>;
    openReward(
      scope: Scope,
      ref: string,
    ): Promise<{
      readonly folder: string;
      readonly base: { readonly ref: string; readonly hash: string | null } | null;
    }>;
  };
};

/** The first batch also loads the model. */
const BATCH_MS = 600_000;
const BAD_MODEL = 1;

/** Starts a process of the trainer that scores. Throws `unprocessable` without a trainer, or without the base of an adapter. */
export async function openRewardModel(deps: RewardDeps, scope: Scope, ref: string): Promise<RewardProcess> {
  const python = await requirePython(deps);
  const { folder, base } = await deps.registry.openReward(scope, ref);
  const words = ["reward", "--model", folder, ...(base === null ? [] : ["--base", await baseOf(deps, scope, base)])];
  await mkdir(deps.folder, { recursive: true });
  const talk = deps.launcher.converse({
    folder: deps.folder,
    ...trainerCommand({ python, words, folder: deps.folder, threads: threadsFor({ threads: null }), nice: deps.nice }),
  });
  return {
    end: talk.end,
    async score(items) {
      const reply = await talk.ask(JSON.stringify({ items }), { timeoutMs: BATCH_MS });
      if (reply.kind === "line") return read(reply.line, items.length);
      const last = sentenceOf(reply.stderr.trim().split("\n").at(-1) ?? "");
      throw reply.exitCode === BAD_MODEL
        ? new AppError("unprocessable", { message: last })
        : new AppError("model_failed", { message: `The process of the reward model ${ref} ended: ${last}` });
    },
  };
}

async function baseOf(
  deps: RewardDeps,
  scope: Scope,
  { ref, hash }: { readonly ref: string; readonly hash: string | null },
): Promise<string> {
  const base = await openBase(deps, scope, { ref, signal: new AbortController().signal, onStep: () => undefined });
  if (hash === null || hash === base.hash) return base.path;
  throw new AppError("unprocessable", {
    message: `The base model ${ref} has changed since the reward model was trained on it. Train the reward model again.`,
  });
}

function read(line: string, count: number): readonly Scored[] {
  const { success, data } = Answer.safeParse(parse(line));
  if (success && data.items.length === count) return data.items;
  throw new AppError("model_failed", {
    message: "The trainer returned an unexpected result. Run `treadle trainer install` again.",
  });
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
