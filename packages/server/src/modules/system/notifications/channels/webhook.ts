import { type NoticeRow, toNotice } from "../stores/notice-store.ts";
import type { StoredSettings } from "../stores/stored-settings.ts";
import type { Channel, Outgoing } from "./channel.ts";
import { post } from "./post.ts";
import { signWebhook } from "./sign-webhook.ts";
import { linksOf } from "./words.ts";

type Settings = Extract<StoredSettings, { kind: "webhook" }>;
/** Standard Webhooks asks for less than 20 kB. */
const MAX_BODY_BYTES = 20_000;

/** Signed requests by the rules of Standard Webhooks. */
export const webhook: Channel<Settings> = {
  combines: true,
  gapMs: 0,
  send({ settings, secrets }, message, means) {
    const body = bodyOf(message);
    const now = means.now();
    const signing = (secrets.signing ?? []).filter(({ until }) => until === null || until > now);
    const headers = signWebhook(
      signing.map(({ value }) => value),
      { id: message.messageId, timestamp: Math.floor(now / 1_000), body },
    );
    return post(means, { url: settings.url, headers, body });
  },
};

/** The same for each attempt. Without room for all notices, the oldest are left out. */
export function bodyOf(message: Outgoing): string {
  const items = message.notices.map((notice) => toData(notice, message));
  const timestamp = message.notices.at(-1)?.at.toISOString();
  const { projectName: project, preface } = message;
  const [first] = message.notices;
  if (first !== undefined && items.length === 1) {
    const type = `${first.subjectKind}.${first.event}`;
    const body = JSON.stringify({ type, timestamp, data: { project, preface, ...items[0] } });
    if (Buffer.byteLength(body) < MAX_BODY_BYTES) return body;
    const { text, facts: _, ...rest } = items[0] ?? {};
    return JSON.stringify({ type, timestamp, data: { project, preface, ...rest, text: text?.slice(0, 1_000) } });
  }
  for (let omitted = 0; ; omitted++) {
    const data = { project, preface, omitted, notices: items.slice(omitted).map(toLine) };
    const body = JSON.stringify({ type: "notices.combined", timestamp, data });
    if (Buffer.byteLength(body) < MAX_BODY_BYTES || omitted >= items.length) return body;
  }
}

/** A combined message is thin: the page of each subject has the rest. */
const toLine = ({ noticeId, subject, event, severity, title, at, links }: ReturnType<typeof toData>) => ({
  noticeId,
  subject,
  event,
  severity,
  title,
  at,
  url: links[0]?.url ?? null,
});

const toData = (notice: NoticeRow, message: Outgoing) => {
  const { createdAt: _, links: __, subjectKind: kind, subjectId: id, ...data } = toNotice(notice);
  return { ...data, subject: { kind, id }, links: linksOf(notice, message) };
};
