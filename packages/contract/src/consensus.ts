import { z } from "zod";
import { AnnotationKey, AnnotationValue } from "./annotation-questions.ts";
import { BranchName, Draft, MAIN_BRANCH } from "./datasets.ts";
import { PageQuery, pageOf } from "./pages.ts";
import { defineApi } from "./route.ts";
import { ScoreName } from "./score-configs.ts";

/** How one truth comes out of several answers. */
export const CONSENSUS_METHODS = ["dawid-skene", "mace", "weighted", "majority"] as const;
export type ConsensusMethod = (typeof CONSENSUS_METHODS)[number];

const asked = {
  question: AnnotationKey,
  method: z
    .enum(CONSENSUS_METHODS)
    .default("dawid-skene")
    .describe(
      "majority: every answer counts the same. weighted: each by how often its giver is right on test items, or says what most say. dawid-skene: by which answers each person mistakes for which. mace: by how often each person looks at all.",
    ),
};

export const ConsensusItem = z.object({
  itemId: z.string(),
  preview: z.string(),
  value: AnnotationValue.nullable().describe("Null where two answers are as likely."),
  confidence: z.number().describe("How likely it is, from 0 to 1; 1 where a reviewer settled it."),
  votes: z.number(),
  shares: z.record(z.string(), z.number()).describe("How likely each answer is."),
  isSettled: z.boolean().describe("A reviewer said so, or it is a test item."),
  traceId: z.string().nullable(),
  spanId: z.string().nullable(),
});
export type ConsensusItem = z.infer<typeof ConsensusItem>;

export const ConsensusRater = z.object({
  annotator: z.object({ id: z.string(), name: z.string() }),
  votes: z.number(),
  accuracy: z.number().nullable().describe("The share of this person's answers that are right, by this consensus."),
  weight: z
    .number()
    .nullable()
    .describe(
      "What an answer counts with the method `weighted`; with `mace`, how often this person judges rather than answers at random.",
    ),
});
export type ConsensusRater = z.infer<typeof ConsensusRater>;

export const Consensus = pageOf(ConsensusItem).extend({
  method: z.enum(CONSENSUS_METHODS),
  question: z.string(),
  total: z.number().describe("Items with an answer."),
  settled: z.number(),
  undecided: z.number().describe("Items whose answers are as likely as each other."),
  meanConfidence: z.number().nullable(),
  caution: z.string().describe("Why nobody should rely on how sure it says it is; empty where one may."),
  raters: z.array(ConsensusRater),
});
export type Consensus = z.infer<typeof Consensus>;

export const ConsensusPublication = z.strictObject({
  ...asked,
  minConfidence: z.number().min(0).max(1).default(0.6).describe("Items that are less sure stay out."),
  to: z.discriminatedUnion("kind", [
    z.strictObject({
      kind: z.literal("scores"),
      name: ScoreName.optional().describe("Of the scores; the question's key when left out."),
    }),
    z.strictObject({
      kind: z.literal("dataset"),
      datasetId: z.string().max(80),
      branch: BranchName.default(MAIN_BRANCH),
      field: z.enum(["expected", "metadata"]).describe("`metadata` puts it at `metadata.QUESTION`."),
    }),
  ]),
});
export type ConsensusPublication = z.output<typeof ConsensusPublication>;

const one = z.object({ queueId: z.string().max(80) });

export const consensusApi = defineApi({
  "GET /api/v1/annotation-queues/:queueId/consensus": {
    name: "getConsensus",
    summary: "What is true of each item by the answers to one question, the least sure first; for reviewers",
    permission: "annotation:read",
    params: one,
    query: PageQuery.extend(asked),
    response: Consensus,
  },
  "POST /api/v1/annotation-queues/:queueId/consensus": {
    name: "publishConsensus",
    summary: "Write what is true as scores of the spans, which judges are calibrated on, or into a dataset's draft",
    permission: "annotation:write",
    params: one,
    body: ConsensusPublication,
    response: z.object({
      published: z.number(),
      skipped: z.array(z.object({ reason: z.string(), count: z.number() })),
      draft: Draft.nullable(),
    }),
  },
});
