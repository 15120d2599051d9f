import { z } from "zod";
import { content } from "../../content.ts";
import { BranchName, Draft, MAIN_BRANCH } from "../../data/datasets.ts";
import { ScoreName } from "../../observe/score-configs.ts";
import { PageQuery, pageOf } from "../../pages.ts";
import { defineApi } from "../../route.ts";
import { AnnotationKey, AnnotationValue } from "./questions.ts";

/** How one truth comes out of several answers. */
export const CONSENSUS_METHODS = ["dawid-skene", "mace", "weighted", "majority"] as const;
export type ConsensusMethod = (typeof CONSENSUS_METHODS)[number];

const asked = {
  question: AnnotationKey,
  method: z
    .enum(CONSENSUS_METHODS)
    .default("dawid-skene")
    .describe(
      "majority: every answer has the same weight. weighted: the weight is the annotator's accuracy on test items, or agreement with the majority. dawid-skene: estimates which answers each person confuses. mace: estimates how often each person answers at random.",
    ),
};

export const ConsensusItem = z.object({
  itemId: z.string(),
  preview: content(z.string()),
  value: AnnotationValue.nullable().describe("Null if two answers are equally likely."),
  confidence: z.number().describe("Its probability, from 0 to 1. It is 1 if a reviewer settled the item."),
  votes: z.number(),
  shares: z.record(z.string(), z.number()).describe("The probability of each answer."),
  isSettled: z.boolean().describe("True if a reviewer settled the item or it is a test item."),
  traceId: z.string().nullable(),
  spanId: z.string().nullable(),
});
export type ConsensusItem = z.infer<typeof ConsensusItem>;

export const ConsensusRater = z.object({
  annotator: z.object({ actorId: z.string(), name: z.string() }),
  votes: z.number(),
  accuracy: z.number().nullable().describe("The estimated accuracy of this person, according to the consensus."),
  weight: z
    .number()
    .nullable()
    .describe(
      "The weight of an answer with the method `weighted`. With `mace`, how often this person does not answer at random.",
    ),
});
export type ConsensusRater = z.infer<typeof ConsensusRater>;

export const Consensus = pageOf(ConsensusItem).extend({
  method: z.enum(CONSENSUS_METHODS),
  question: z.string(),
  total: z.number().describe("The number of items with an answer."),
  settled: z.number(),
  undecided: z.number().describe("The number of items with equally likely answers."),
  meanConfidence: z.number().nullable(),
  caution: z.string().describe("Why the stated confidence is not reliable. Empty if it is."),
  raters: z.array(ConsensusRater),
});
export type Consensus = z.infer<typeof Consensus>;

export const ConsensusPublication = z.strictObject({
  ...asked,
  minConfidence: z.number().min(0).max(1).default(0.6).describe("Items with a lower confidence are left out."),
  to: z.discriminatedUnion("kind", [
    z.strictObject({
      kind: z.literal("scores"),
      name: ScoreName.optional().describe("The name of the scores. The question's key if omitted."),
    }),
    z.strictObject({
      kind: z.literal("dataset"),
      datasetId: z.string().max(80),
      branch: BranchName.default(MAIN_BRANCH),
      field: z.enum(["expected", "metadata"]).describe("`metadata` stores the answer at `metadata.QUESTION`."),
    }),
  ]),
});
export type ConsensusPublication = z.output<typeof ConsensusPublication>;

const one = z.object({ queueId: z.string().max(80) });

export const consensusApi = defineApi({
  "GET /api/v1/annotation-queues/:queueId/consensus": {
    name: "getConsensus",
    summary: "The consensus of the answers to one question, least certain items first; for reviewers",
    permission: "annotation:read",
    params: one,
    query: PageQuery.extend(asked),
    response: Consensus,
  },
  "POST /api/v1/annotation-queues/:queueId/consensus": {
    name: "publishConsensus",
    summary: "Write the consensus as scores of spans, which can calibrate judges, or to a dataset's draft",
    permission: "annotation:write",
    content: "required",
    params: one,
    body: ConsensusPublication,
    response: z.object({
      published: z.number(),
      skipped: z.array(z.object({ reason: z.string(), count: z.number() })),
      draft: Draft.nullable(),
    }),
  },
});
