import type { Judged, ScorerKind, ScorerRef, ScorerSample } from "@treadle/contract";
import { z } from "zod";
import { AppError } from "../../../kernel/errors.ts";
import { wholeList } from "../../../kernel/pages.ts";
import type { Scope } from "../../../kernel/scope.ts";
import { createBinding } from "./bind-scorers.ts";
import { KINDS } from "./kinds/all-kinds.ts";
import { createScorerReads, type ScorersDeps } from "./read-scorers.ts";
import type { ScorerMeans } from "./scoring/scorer-tools.ts";
import { createScorerWrites } from "./write-scorers.ts";

/** Scorers: kinds that the program knows, with parameters that are stored as versions. */
export function createScorers(deps: ScorersDeps & ScorerMeans) {
  const { asScorer, ...reads } = createScorerReads(deps);
  const bind = createBinding(deps);
  return {
    ...reads,
    ...createScorerWrites(deps, { asScorer }),
    /** Opens scorers for a project. It is the entry point for all scoring. */
    bind,
    listKinds: () => wholeList(KINDS.map(describeKind)),

    /** Scores one sample without storing the result. */
    async try(
      scope: Scope,
      { ref, sample }: { ref: ScorerRef; sample: ScorerSample },
      signal: AbortSignal,
    ): Promise<Judged & { signature: string }> {
      const [scorer] = await bind(scope, [ref]);
      if (!scorer) throw new AppError("internal");
      return { ...(await scorer.score(sample, { signal })), signature: scorer.signature };
    },
  };
}
export type Scorers = ReturnType<typeof createScorers>;

/** A kind as data, from which an interface makes a form. */
const describeKind = ({
  id,
  label,
  group,
  summary,
  params,
  output,
  needs,
  fromStats,
}: (typeof KINDS)[number]): ScorerKind => ({
  kind: id,
  label,
  group,
  summary,
  output,
  needs: [...needs],
  params: z.toJSONSchema(params, { io: "input" }),
  isCorpus: fromStats !== undefined,
});
