import { randomBytes } from "node:crypto";
import { FeedbackTarget, type FeedbackTokenInput } from "@treadle/contract";
import { z } from "zod";
import { AppError } from "../../../../kernel/errors.ts";
import type { FeedbackDeps } from "../stores/deps.ts";

/**
 * The content of a token: its target, its user and its expiry. The server's key seals it, so only the server can write
 * one.
 */
const Claims = z.strictObject({
  projectId: z.string(),
  target: FeedbackTarget,
  names: z.array(z.string()),
  userId: z.string(),
  perMinute: z.number(),
  expiresAt: z.number(),
  tokenId: z.string(),
});
export type Claims = z.output<typeof Claims>;

const PREFIX = "fbt_";
/** One token has one spelling: a letter more, which decoding would pass over, makes it another. */
const isWhole = (sealed: string) => {
  const [, body = ""] = sealed.split(".", 2);
  return Buffer.from(body, "base64url").toString("base64url") === body;
};
/** Bound into the seal, so that nothing else that was sealed is a token. */
const CONTEXT = "feedback token";

export function createTokens({ secrets, clock }: Pick<FeedbackDeps, "secrets" | "clock">) {
  return {
    /** Times are in whole seconds. */
    issue(projectId: string, { expiresInSeconds, ...input }: FeedbackTokenInput): { token: string; expiresAt: string } {
      const expiresAt = clock.now() + expiresInSeconds * 1_000;
      const claims: Claims = { ...input, projectId, expiresAt, tokenId: randomBytes(9).toString("base64url") };
      const token = PREFIX + secrets.seal(JSON.stringify(claims), CONTEXT);
      return { token, expiresAt: new Date(expiresAt).toISOString() };
    },
    /** Throws `unauthorized` for a token that this server did not make, or whose time is over. */
    open(token: string): Claims {
      const claims = readClaims(token);
      if (claims.expiresAt > clock.now()) return claims;
      throw new AppError("unauthorized", {
        message: `The feedback token expired at ${new Date(claims.expiresAt).toISOString()}. Request a new token from the application.`,
        details: { param: "token" },
      });
    },
  };

  function readClaims(token: string): Claims {
    try {
      if (token.startsWith(PREFIX) && isWhole(token))
        return Claims.parse(JSON.parse(secrets.open(token.slice(PREFIX.length), CONTEXT)));
    } catch {
      // The reason for an unreadable token does not help its sender.
    }
    throw new AppError("unauthorized", {
      message: "The feedback token is not valid on this server. Request a new token from the application.",
      details: { param: "token" },
    });
  }
}
