import type { ScorerRef } from "@treadle/contract";
import { AppError } from "../../../kernel/errors.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { LiveScoringDeps } from "./deps.ts";

const WANTED = {
  expected: "an expected answer, which live traffic does not have. Use it in an experiment",
  tools: "the expected tool calls, which live traffic does not have. Use it in an experiment",
} as const;

const cannotScore = (key: string, { param, missing }: { param: string; missing: keyof typeof WANTED }) =>
  new AppError("unprocessable", { message: `${param}: "${key}" needs ${WANTED[missing]}.`, details: { param } });

const ASKS_MODELS: ReadonlySet<string> = new Set(["judge", "local-model", "reward-model"]);

/** Returns the names of the scores. Throws for a scorer that needs an expected answer. */
export const createRuleCheck = ({ scorers }: Pick<LiveScoringDeps, "scorers">) =>
  async function check(scope: Scope, refs: readonly ScorerRef[]): Promise<string[]> {
    const bound = await scorers.bind(scope, refs);
    for (const [at, { key, needs }] of bound.entries()) {
      const missing = needs.find((need) => need === "expected" || need === "tools");
      if (missing !== undefined) throw cannotScore(key, { param: `scorers.${at}`, missing });
      if (needs.some((need) => ASKS_MODELS.has(need)) && !scope.permissions.has("gateway:use"))
        throw new AppError("forbidden", { message: `"${key}" calls models, which needs the permission gateway:use.` });
    }
    return bound.map(({ key }) => key);
  };
