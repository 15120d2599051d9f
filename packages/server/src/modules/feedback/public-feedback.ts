import type { FeedbackReceipt, FeedbackTokenInput, PublicFeedbackInput } from "@treadle/contract";
import { AppError } from "../../kernel/errors.ts";
import type { Scope } from "../../kernel/scope.ts";
import type { FeedbackDeps } from "./deps.ts";
import type { FindPlace } from "./find-place.ts";
import type { Given } from "./prepare-feedback.ts";
import { createRateLimit } from "./rate-limit.ts";
import { nameOf } from "./read-value.ts";
import { type Claims, createTokens } from "./tokens.ts";

type Deps = Pick<FeedbackDeps, "secrets" | "clock"> & {
  readonly findPlace: FindPlace;
  readonly giveOne: (projectId: string, given: Given) => Promise<FeedbackReceipt>;
};

/** Of one address, whatever tokens it has: many people may sit behind one. */
const PER_MINUTE_OF_ADDRESS = 600;

/** Feedback of end users, from their browsers: a token stands for the right to give it on one thing. */
export function createPublicFeedback({ secrets, clock, findPlace, giveOne }: Deps) {
  const tokens = createTokens({ secrets, clock });
  const limit = createRateLimit(clock);
  return {
    /** Throws `not_found` for a trace of another project. */
    async createToken({ projectId }: Scope, input: FeedbackTokenInput) {
      await findPlace(projectId, input.target);
      return tokens.issue(projectId, input);
    },

    async givePublic({ token, ...said }: PublicFeedbackInput, remoteAddress: string): Promise<FeedbackReceipt> {
      limit.take(`address ${remoteAddress}`, PER_MINUTE_OF_ADDRESS);
      const claims = tokens.open(token);
      limit.take(`token ${claims.tokenId}`, claims.perMinute);
      checkName(claims, said);
      const { projectId, target, userId, tokenId } = claims;
      const asker = `token ${tokenId}`;
      const giver = { source: "widget", givenBy: asker, asker } as const;
      return giveOne(projectId, { input: { ...said, target, userId }, giver });
    },
  };
}

function checkName({ names }: Claims, said: Omit<PublicFeedbackInput, "token">): void {
  const name = nameOf(said);
  if (names.length === 0 || names.includes(name)) return;
  throw new AppError("forbidden", {
    message: `This token is for ${names.join(", ")} and not for "${name}".`,
    details: { param: "name", names },
  });
}
