import type { ScorerRef } from "@treadle/contract";
import { AppError } from "../../kernel/errors.ts";
import type { Scope } from "../../kernel/scope.ts";
import type { LiveScoringDeps } from "./deps.ts";

const WANTED = {
  expected: "an expected answer, which live traffic does not have. Use it in an experiment",
  tools: "the tools that were expected, which live traffic does not have. Use it in an experiment",
} as const;

const cannotScore = (key: string, { param, missing }: { param: string; missing: keyof typeof WANTED }) =>
  new AppError("unprocessable", { message: `${param}: "${key}" needs ${WANTED[missing]}.`, details: { param } });

/** Gives the names that scores will have. Throws for what cannot score an answer that nobody knows the right one of. */
export const createRuleCheck = ({ scorers }: Pick<LiveScoringDeps, "scorers">) =>
  async function check(scope: Scope, refs: readonly ScorerRef[]): Promise<string[]> {
    const bound = await scorers.bind(scope, refs);
    for (const [at, { key, needs }] of bound.entries()) {
      const missing = needs.find((need) => need === "expected" || need === "tools");
      if (missing !== undefined) throw cannotScore(key, { param: `scorers.${at}`, missing });
      if (needs.includes("judge") && !scope.permissions.has("gateway:use"))
        throw new AppError("forbidden", { message: `"${key}" asks models, which needs the permission gateway:use.` });
    }
    return bound.map(({ key }) => key);
  };
