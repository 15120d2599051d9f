import type { Signer } from "../../../../platform/secrets/port.ts";
import { issueLink } from "../acknowledge/link.ts";
import type { Outgoing } from "../channels/channel.ts";
import type { NoticeRow } from "../stores/notice-store.ts";
import type { Attempt } from "./settle-message.ts";

type Deps = {
  readonly publicUrl: string | undefined;
  readonly secrets: Signer;
  readonly projectNameOf: (projectId: string) => Promise<string>;
};
const OPEN: ReadonlySet<NoticeRow["event"]> = new Set(["opened", "reopened", "escalated"]);

/** A message with absolute links. It is the same for each attempt. */
export function createCompose({ publicUrl, secrets, projectNameOf }: Deps) {
  const base = publicUrl?.replace(/\/$/, "");
  const urlOf = (path: string) => (base === undefined ? null : `${base}${path}`);
  return async function compose({ message, channel }: Attempt, notices: readonly NoticeRow[]): Promise<Outgoing> {
    return {
      messageId: message.id,
      projectName: await projectNameOf(message.projectId),
      notices,
      preface: prefaceOf(message),
      urlOf,
      acknowledgeUrlOf({ projectId, subjectKind, subjectId, title, event, createdAt }) {
        if (base === undefined || !OPEN.has(event)) return null;
        const link = { projectId, subject: { kind: subjectKind, id: subjectId }, title: title.slice(0, 150) };
        const token = issueLink(secrets, { ...link, channel: channel.name }, createdAt.getTime());
        return `${base}/api/v1/notification-acknowledgement?token=${token}`;
      },
    };
  };
}

function prefaceOf({ reason, kind }: Attempt["message"]): string {
  if (reason === "escalation") return "This has not been acknowledged yet.";
  if (kind === "held") return "These notifications arrived during the quiet time.";
  return kind === "summary" ? "More notifications arrived than the channel's limit for a minute." : "";
}
