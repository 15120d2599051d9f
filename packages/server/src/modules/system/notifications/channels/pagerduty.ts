import { type NoticeRow, subjectOf } from "../stores/notice-store.ts";
import type { StoredSettings } from "../stores/stored-settings.ts";
import type { Channel, Outcome, Outgoing } from "./channel.ts";
import { post } from "./post.ts";
import { cut, linksOf, oneLine } from "./words.ts";

type Settings = Extract<StoredSettings, { kind: "pagerduty" }>;
const MOST = { key: 255, summary: 1_024, links: 10 };
const REJECTIONS = [400, 401, 403, 404];

const ACTIONS = {
  opened: "trigger",
  reopened: "trigger",
  escalated: "trigger",
  info: "trigger",
  acknowledged: "acknowledge",
  resolved: "resolve",
} as const satisfies Record<NoticeRow["event"], string>;

/** The Events API v2. Each subject is one alert, so of several notices about it only the last is sent. */
export const pagerduty: Channel<Settings> = {
  combines: false,
  gapMs: 0,
  async send({ settings, secrets }, message, means) {
    const last = new Map(message.notices.map((notice) => [subjectOf(notice), notice]));
    let outcome: Outcome = { kind: "delivered", message: "" };
    for (const notice of last.values()) {
      const body = JSON.stringify(toEvent(notice, message, secrets.routingKey ?? ""));
      outcome = await post(means, { url: settings.url, body, rejections: REJECTIONS });
      // The alerts that were sent have deduplication keys, so all can be sent again.
      if (outcome.kind !== "delivered") return outcome;
    }
    return outcome;
  },
};

export function toEvent(notice: NoticeRow, message: Outgoing, routingKey: string) {
  const action = ACTIONS[notice.event];
  const event = { routing_key: routingKey, event_action: action, dedup_key: cut(notice.subjectId, MOST.key) };
  if (action !== "trigger") return event;
  const links = linksOf(notice, message).slice(0, MOST.links);
  return {
    ...event,
    client: "Treadle",
    payload: {
      summary: cut(oneLine(notice.title), MOST.summary),
      source: message.projectName,
      severity: notice.severity,
      timestamp: notice.at.toISOString(),
      group: notice.group,
      class: notice.subjectKind,
      custom_details: {
        text: notice.text,
        ...(message.preface !== "" && { preface: message.preface }),
        ...Object.fromEntries(notice.facts.map(({ label, value }) => [label, value])),
        ...notice.labels,
      },
    },
    links: links.map(({ label, url }) => ({ href: url, text: label })),
  };
}
