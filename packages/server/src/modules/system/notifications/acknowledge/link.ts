import { timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { DAY_MS } from "../../../../kernel/day.ts";
import type { Signer } from "../../../../platform/secrets/port.ts";
import type { Notice } from "../stores/notice.ts";

const CONTEXT = "acknowledge-link";
const VALID_MS = 7 * DAY_MS;

const Payload = z.object({
  projectId: z.string(),
  kind: z.enum(["incident", "monitor", "issue", "drift", "probe"]),
  id: z.string(),
  title: z.string(),
  channel: z.string(),
  until: z.number(),
});

/** What a link acknowledges, and the channel that carried it. */
export type AcknowledgeLink = {
  readonly projectId: string;
  readonly subject: Notice["subject"];
  readonly title: string;
  readonly channel: string;
};

/** The token of a link, valid for seven days from `from`. The same link has the same token, so a repeated message does not change. */
export function issueLink(signer: Signer, { projectId, subject, title, channel }: AcknowledgeLink, from: number) {
  const payload = { projectId, ...subject, title, channel, until: from + VALID_MS };
  const text = Buffer.from(JSON.stringify(payload)).toString("base64url");
  return `${text}.${signer.sign(text, CONTEXT)}`;
}

/** Null for a token that the server did not issue, or that has expired. */
export function readLink(signer: Signer, token: string, now: number): AcknowledgeLink | null {
  const [text = "", signature = ""] = token.split(".");
  const [own, given] = [Buffer.from(signer.sign(text, CONTEXT)), Buffer.from(signature)];
  if (own.length !== given.length || !timingSafeEqual(own, given)) return null;
  const { kind, id, until, ...rest } = Payload.parse(JSON.parse(Buffer.from(text, "base64url").toString()));
  return until < now ? null : { ...rest, subject: { kind, id } };
}
