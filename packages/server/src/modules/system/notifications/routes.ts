import { inboxApi, notificationsApi } from "@treadle/contract";
import { wholeList } from "../../../kernel/pages.ts";
import { mount } from "../../../platform/http/handlers.ts";
import type { Notifications } from "./service.ts";

const OK = { ok: true } as const;

export const notificationRoutes = ({ channels, routes, notices, messages, links }: Notifications) =>
  mount(notificationsApi, {
    "GET /api/v1/notification-channels": async ({ scope }) => wholeList(await channels.list(scope)),
    "POST /api/v1/notification-channels": ({ scope, body }) => channels.create(scope, body),
    "PATCH /api/v1/notification-channels/:channelId": ({ scope, params, body }) =>
      channels.update(scope, params.channelId, body),
    "DELETE /api/v1/notification-channels/:channelId": ({ scope, params }) =>
      channels.delete(scope, params.channelId).then(() => OK),
    "POST /api/v1/notification-channels/:channelId/test": ({ scope, params }) => channels.test(scope, params.channelId),
    "POST /api/v1/notification-channels/:channelId/rotate-secret": ({ scope, params, body }) =>
      channels.rotateSecret(scope, params.channelId, body.overlapHours),
    "GET /api/v1/notification-routes": async ({ scope }) => wholeList(await routes.list(scope)),
    "POST /api/v1/notification-routes": ({ scope, body }) => routes.create(scope, body),
    "PATCH /api/v1/notification-routes/:routeId": ({ scope, params, body }) =>
      routes.update(scope, params.routeId, body),
    "DELETE /api/v1/notification-routes/:routeId": ({ scope, params }) =>
      routes.delete(scope, params.routeId).then(() => OK),
    "POST /api/v1/notification-routes/reorder": async ({ scope, body }) =>
      wholeList(await routes.reorder(scope, body.routeIds)),
    "GET /api/v1/notices": ({ scope, query }) => notices.list(scope, query),
    "GET /api/v1/notices/live": ({ scope, query, signal }) => notices.watch(scope, query, signal),
    "GET /api/v1/notification-messages": ({ scope, query }) => messages.list(scope, query),
    "POST /api/v1/notification-messages/:messageId/replay": ({ scope, params }) =>
      messages.replay(scope, params.messageId),
    "GET /api/v1/notification-acknowledgement": ({ query, sink }) => links.show(query.token, sink),
    "POST /api/v1/notification-acknowledgement": ({ query, sink }) => links.act(query.token, sink),
  });

export const inboxRoutes = ({ inbox }: Notifications) =>
  mount(inboxApi, {
    "GET /api/v1/inbox": ({ scope, query }) => inbox.list(scope, query),
    "GET /api/v1/inbox/unread": ({ scope }) => inbox.countUnread(scope),
    "POST /api/v1/inbox/:itemId/read": ({ scope, params }) => inbox.markRead(scope, params.itemId).then(() => OK),
    "POST /api/v1/inbox/read-all": ({ scope }) => inbox.markAllRead(scope).then(() => OK),
  });
