import {
  type MessageState,
  type NoticeHistory,
  type NotificationMessage,
  SEVERITIES,
  type Severity,
} from "@treadle/contract";
import { AppError, notFound } from "../../../kernel/errors.ts";
import { fromTimeCursor, toPage } from "../../../kernel/pages.ts";
import type { Scope } from "../../../kernel/scope.ts";
import { createLinkPages } from "./acknowledge/answer-link.ts";
import { createAnnounce } from "./announce.ts";
import { createDispatcher } from "./delivery/dispatcher.ts";
import { createNoticeWatch, type NoticeWatch } from "./delivery/watch-notices.ts";
import { createInbox } from "./inbox/inbox-service.ts";
import { createChannels } from "./settings/channels-service.ts";
import { createRoutes } from "./settings/routes-service.ts";
import { createSecretBox } from "./settings/secret-box.ts";
import { testChannel } from "./settings/test-channel.ts";
import type { NotificationsDeps } from "./stores/deps.ts";
import { createMessageListStore } from "./stores/message-list-store.ts";
import { createMessageStore } from "./stores/message-store.ts";
import { createNoticeStore, toNotice } from "./stores/notice-store.ts";

/** Notices to people: stored with what they are about, routed to channels and inboxes, and delivered at least once. */
export function createNotifications(deps: NotificationsDeps) {
  const { db, clock, secrets, acknowledge } = deps;
  const box = createSecretBox(secrets);
  const watch = createNoticeWatch();
  const dispatcher = createDispatcher({ ...deps, box, publish: watch.publish });
  return {
    announce: createAnnounce({ clock, nudge: dispatcher.nudge }),
    channels: {
      ...createChannels({ ...deps, box }),
      test: (scope: Scope, id: string) => testChannel({ ...deps, box }, scope, id),
    },
    routes: createRoutes(deps),
    inbox: createInbox({ db, clock }),
    links: createLinkPages({ signer: secrets, acknowledge, now: clock.now }),
    notices: createNotices(deps, watch),
    messages: createMessages(deps, dispatcher.nudge),
    dispatcher,
  };
}
export type Notifications = ReturnType<typeof createNotifications>;

type Page = { readonly limit: number; readonly cursor?: string | undefined };
type NoticeQuery = Page & { readonly severity?: Severity | undefined; readonly subjectId?: string | undefined };
type MessageQuery = Page & { readonly state?: MessageState | undefined; readonly channelId?: string | undefined };

const atLeast = (severity: Severity = "info") => SEVERITIES.slice(SEVERITIES.indexOf(severity));

function createNotices({ db }: NotificationsDeps, { watch }: NoticeWatch) {
  return {
    async list({ projectId }: Scope, { limit, cursor, severity, subjectId }: NoticeQuery) {
      const after = cursor === undefined ? null : fromTimeCursor(cursor);
      const query = { limit: limit + 1, after, severities: atLeast(severity), subjectId };
      const rows = (await createNoticeStore(db).list(projectId, query)).map(toNotice);
      const { items, nextCursor } = toPage(rows, limit, ({ createdAt, noticeId }) => [createdAt, noticeId]);
      const messages = await createMessageListStore(db).listByNotice(
        projectId,
        items.map(({ noticeId }) => noticeId),
      );
      const history: NoticeHistory[] = items.map((item) => ({ ...item, messages: messages.get(item.noticeId) ?? [] }));
      return { items: history, nextCursor };
    },
    async *watch({ projectId }: Scope, { severity }: Pick<NoticeQuery, "severity">, signal: AbortSignal) {
      const wanted = new Set(atLeast(severity));
      for await (const notice of watch(projectId, signal)) if (wanted.has(notice.severity)) yield notice;
    },
  };
}

function createMessages(deps: NotificationsDeps, nudge: () => void) {
  return {
    async list({ projectId }: Scope, { limit, cursor, ...query }: MessageQuery) {
      const after = cursor === undefined ? null : fromTimeCursor(cursor);
      const rows = await createMessageListStore(deps.db).list(projectId, { limit: limit + 1, after, ...query });
      return toPage<NotificationMessage>(rows, limit, ({ createdAt, messageId }) => [createdAt, messageId]);
    },
    async replay(scope: Scope, messageId: string): Promise<NotificationMessage> {
      const message = await replayMessage(deps, scope, messageId);
      nudge();
      return message;
    },
  };
}

/** A message that could not be delivered gets all of its attempts again. */
const replayMessage = ({ db, audit, clock }: NotificationsDeps, scope: Scope, messageId: string) =>
  db.transaction(async (tx) => {
    const { projectId } = scope;
    const messages = createMessageListStore(tx);
    const known = await messages.find(projectId, messageId);
    if (!known) throw notFound("message", messageId);
    if (known.state !== "dead" && known.state !== "skipped")
      throw new AppError("conflict", {
        message: `The message is ${known.state}. Only failed messages can be sent again.`,
      });
    const nextTryAt = new Date(clock.now());
    await createMessageStore(tx).update(projectId, messageId, { state: "waiting", attempts: 0, nextTryAt });
    await audit.record(scope, { action: "notification-message.replay", target: messageId }, tx);
    return (await messages.find(projectId, messageId)) ?? known;
  });
