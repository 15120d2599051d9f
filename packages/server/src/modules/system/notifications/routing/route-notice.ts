import { newId } from "../../../../kernel/ids.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { createChannelStore } from "../stores/channel-store.ts";
import { createInboxStore } from "../stores/inbox-store.ts";
import { createMessageStore } from "../stores/message-store.ts";
import { createNoticeStore, type NoticeRow, subjectOf } from "../stores/notice-store.ts";
import { createEscalationStore, createRouteStore, type EscalationRow, type RouteRow } from "../stores/route-store.ts";
import { matchRoutes } from "./match-routes.ts";
import { type Plan, planMessage } from "./plan-messages.ts";
import { quietUntil } from "./quiet-times.ts";

const MINUTE_MS = 60_000;
/** Events that end the escalation. They go to the channels that got the opening. */
const CALMING: ReadonlySet<NoticeRow["event"]> = new Set(["acknowledged", "resolved"]);
/** Events that the channels of the opening get too, in addition to the channels of the routes. */
const FOLLOWING: ReadonlySet<NoticeRow["event"]> = new Set(["acknowledged", "resolved", "escalated", "reopened"]);

type Chosen = Pick<Plan, "reason" | "quietUntil">;

/** Plans the messages of a notice and puts it into the inbox. False if it was routed before. */
export async function routeNotice(tx: Postgres, notice: NoticeRow, now: number): Promise<boolean> {
  if (!(await createNoticeStore(tx).noteRouted(notice.id, new Date(now)))) return false;
  await putInInbox(tx, notice);
  const { projectId, event } = notice;
  if (CALMING.has(event)) await createEscalationStore(tx).end(projectId, subjectOf(notice));
  const matched = matchRoutes(await createRouteStore(tx).list(projectId), notice);
  const chosen = await chooseChannels(tx, notice, { matched, now });
  const channels = await createChannelStore(tx).list(projectId);
  for (const channel of channels) {
    const choice = chosen.get(channel.id);
    if (choice) await planMessage(tx, notice, { channel, ...choice, now });
  }
  if (!CALMING.has(event) && event !== "info") await startEscalations(tx, notice, { matched, now });
  return true;
}

type Routing = { readonly matched: readonly RouteRow[]; readonly now: number };

async function chooseChannels(tx: Postgres, notice: NoticeRow, { matched, now }: Routing) {
  const chosen = new Map<string, Chosen>();
  for (const { rule } of matched) {
    const isQuiet = rule.quiet !== null && !(rule.quiet.criticalPasses && notice.severity === "critical");
    const until = isQuiet && rule.quiet ? quietUntil(rule.quiet, now) : null;
    for (const channelId of rule.channelIds) {
      const other = chosen.get(channelId);
      // A channel of two routes is quiet only if both are.
      if (other?.quietUntil === null) continue;
      const both = other?.quietUntil && until !== null ? Math.min(other.quietUntil, until) : until;
      chosen.set(channelId, { reason: "route", quietUntil: both });
    }
  }
  if (!FOLLOWING.has(notice.event)) return chosen;
  const followers = new Map<string, Chosen>();
  for (const channelId of await createMessageStore(tx).listChannelsOf(notice.projectId, subjectOf(notice)))
    followers.set(channelId, { reason: "follow-up", quietUntil: chosen.get(channelId)?.quietUntil ?? null });
  return CALMING.has(notice.event) ? followers : new Map([...chosen, ...followers]);
}

async function startEscalations(tx: Postgres, notice: NoticeRow, { matched, now }: Routing): Promise<void> {
  const store = createEscalationStore(tx);
  for (const { id: routeId, rule } of matched) {
    if (rule.escalation === null) continue;
    await store.start({
      id: newId("esc", now),
      projectId: notice.projectId,
      routeId,
      subject: subjectOf(notice),
      noticeId: notice.id,
      nextAt: new Date(now + rule.escalation.afterMinutes * MINUTE_MS),
    });
  }
}

/** Sends the notice of an escalation that is due to its channels. False if it ended since it was read. */
export async function escalate(tx: Postgres, row: EscalationRow, now: number): Promise<boolean> {
  const { projectId } = row;
  const rule = (await createRouteStore(tx).find(projectId, row.routeId))?.rule;
  const escalation = rule?.isEnabled ? rule.escalation : null;
  const repeat = escalation?.repeatMinutes ?? null;
  const next = repeat === null ? null : new Date(now + repeat * MINUTE_MS);
  if (!(await createEscalationStore(tx).move(row, next))) return false;
  const notice = await createNoticeStore(tx).find(projectId, row.noticeId);
  if (!escalation || !notice) return true;
  for (const channel of await createChannelStore(tx).list(projectId))
    if (escalation.channelIds.includes(channel.id))
      await planMessage(tx, notice, { channel, reason: "escalation", quietUntil: null, now });
  return true;
}

/** The inbox of all members who see incidents. The items of one subject are one item. */
async function putInInbox(tx: Postgres, notice: NoticeRow): Promise<void> {
  const { id, projectId, severity, event, title, text, links, at } = notice;
  const item = {
    id: newId("inbox", at.getTime()),
    projectId,
    userId: "",
    thread: event === "info" ? `notice/${id}` : subjectOf(notice),
    kind: "notice" as const,
    severity,
    event,
    title,
    text,
    path: links[0]?.path ?? "/",
    at,
    attentionAt: at,
  };
  await createInboxStore(tx).put(item, !CALMING.has(event));
}
