import type { FeedbackReceipt, FeedbackTokenInput, PublicFeedbackInput } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import { createRateLimit } from "../../../../kernel/rate-limit.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import { nameOf } from "../slots/read-value.ts";
import type { FindPlace } from "../slots/resolve-ref.ts";
import type { FeedbackDeps } from "../stores/deps.ts";
import type { Given } from "./prepare-feedback.ts";
import { type Claims, createTokens } from "./tokens.ts";

type Deps = Pick<FeedbackDeps, "secrets" | "clock" | "isProjectActive"> & {
  readonly findPlace: FindPlace;
  readonly giveOne: (projectId: string, given: Given) => Promise<FeedbackReceipt>;
};

/** Per address, for all its tokens: many people may share one. */
const PER_MINUTE_OF_ADDRESS = 600;
/** Per end user, for all tokens of the application and all addresses. */
const PER_MINUTE_OF_USER = 60;

/** Feedback of end users, from their browsers: a token stands for the right to give it on one thing. */
export function createPublicFeedback({ secrets, clock, isProjectActive, findPlace, giveOne }: Deps) {
  const tokens = createTokens({ secrets, clock });
  const limit = createRateLimit(clock, "Feedback comes");
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
      const { projectId, target, userId, tokenId, perMinute } = claims;
      if (userId !== "") limit.take(`user ${projectId} ${userId}`, Math.max(PER_MINUTE_OF_USER, perMinute));
      checkName(claims, said);
      if (!(await isProjectActive(projectId)))
        throw new AppError("forbidden", { message: "This project is archived or deleted, so it accepts no feedback." });
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
    message: `This token is valid for ${names.join(", ")}, not for "${name}".`,
    details: { param: "name", names },
  });
}
