import { z } from "zod";
import { Severity } from "../observe/watch/monitors.ts";
import { Done, PageQuery, pageOf } from "../pages.ts";
import { defineApi } from "../route.ts";
import {
  ChannelInput,
  ChannelPatch,
  ChannelTest,
  ChannelWithSecret,
  NotificationChannel,
} from "./notification-channels.ts";
import { NotificationRoute, RouteInput, RoutePatch } from "./notification-routes.ts";
import { InboxItem, MESSAGE_STATES, NoticeHistory, NotificationMessage, NotificationNotice } from "./notifications.ts";

const id = z.string().max(100);
const channelParams = z.object({ channelId: id });
const routeParams = z.object({ routeId: id });
const minimum = { severity: Severity.optional().describe("Notices of at least this severity.") };

export const notificationsApi = defineApi({
  "GET /api/v1/notification-channels": {
    name: "listNotificationChannels",
    summary: "The channels of notifications, and the state of each",
    permission: "notifications:read",
    response: pageOf(NotificationChannel),
  },
  "POST /api/v1/notification-channels": {
    name: "createNotificationChannel",
    summary: "Create a channel: a webhook, Slack, Microsoft Teams, e-mail or PagerDuty",
    permission: "notifications:write",
    body: ChannelInput,
    example: { name: "On-call", target: { kind: "webhook", url: "https://hooks.example.com/treadle" } },
    response: ChannelWithSecret,
    status: 201,
  },
  "PATCH /api/v1/notification-channels/:channelId": {
    name: "updateNotificationChannel",
    summary: "Change a channel; it needs its secret again if the receiver changes",
    permission: "notifications:write",
    params: channelParams,
    body: ChannelPatch,
    example: { perMinute: 5 },
    response: NotificationChannel,
  },
  "DELETE /api/v1/notification-channels/:channelId": {
    name: "deleteNotificationChannel",
    summary: "Delete a channel with its messages; routes no longer use it",
    permission: "notifications:write",
    params: channelParams,
    response: Done,
  },
  "POST /api/v1/notification-channels/:channelId/test": {
    name: "testNotificationChannel",
    summary: "Send a test message to a channel and return the receiver's answer",
    permission: "notifications:write",
    params: channelParams,
    response: ChannelTest,
  },
  "POST /api/v1/notification-channels/:channelId/rotate-secret": {
    name: "rotateNotificationSecret",
    summary: "Create a new signing secret for a webhook; the old one also signs for some time",
    permission: "notifications:write",
    params: channelParams,
    body: z.strictObject({
      overlapHours: z.number().int().min(0).max(168).default(24).describe("How long the old secret also signs."),
    }),
    response: ChannelWithSecret,
  },
  "GET /api/v1/notification-routes": {
    name: "listNotificationRoutes",
    summary: "The routes of notices to channels, in order",
    permission: "notifications:read",
    response: pageOf(NotificationRoute),
  },
  "POST /api/v1/notification-routes": {
    name: "createNotificationRoute",
    summary: "Add a route after all others",
    permission: "notifications:write",
    body: RouteInput,
    example: { name: "Critical to on-call", severities: ["critical"], channelIds: ["chan_01k"] },
    response: NotificationRoute,
    status: 201,
  },
  "PATCH /api/v1/notification-routes/:routeId": {
    name: "updateNotificationRoute",
    summary: "Change a route",
    permission: "notifications:write",
    params: routeParams,
    body: RoutePatch,
    example: { continues: true },
    response: NotificationRoute,
  },
  "DELETE /api/v1/notification-routes/:routeId": {
    name: "deleteNotificationRoute",
    summary: "Delete a route; its escalations in progress end",
    permission: "notifications:write",
    params: routeParams,
    response: Done,
  },
  "POST /api/v1/notification-routes/reorder": {
    name: "reorderNotificationRoutes",
    summary: "Change the order of all routes",
    permission: "notifications:write",
    body: z.strictObject({ routeIds: z.array(id).max(100) }),
    example: { routeIds: ["nroute_01k"] },
    response: pageOf(NotificationRoute),
  },
  "GET /api/v1/notices": {
    name: "listNotices",
    summary: "The notices of the project with the delivery of each, newest first",
    permission: "notifications:read",
    query: PageQuery.extend({ ...minimum, subjectId: id.optional() }),
    response: pageOf(NoticeHistory),
  },
  "GET /api/v1/notices/live": {
    name: "watchNotices",
    summary: "New notices as server-sent events",
    permission: "notifications:read",
    query: z.object(minimum),
    response: NotificationNotice,
    answer: "events",
  },
  "GET /api/v1/notification-messages": {
    name: "listNotificationMessages",
    summary: "The messages to channels, newest first",
    permission: "notifications:read",
    query: PageQuery.extend({ state: z.enum(MESSAGE_STATES).optional(), channelId: id.optional() }),
    response: pageOf(NotificationMessage),
  },
  "POST /api/v1/notification-messages/:messageId/replay": {
    name: "replayNotificationMessage",
    summary: "Send a message that could not be delivered again",
    permission: "notifications:write",
    description: "The message gets all of its attempts again, under the same id.",
    params: z.object({ messageId: id }),
    response: NotificationMessage,
  },
  "GET /api/v1/notification-acknowledgement": {
    name: "showAcknowledgement",
    summary: "The page behind the link Acknowledge of a message; it changes nothing",
    permission: "public",
    query: z.object({ token: z.string().min(1).max(1_000) }),
    response: z.unknown(),
    answer: "file",
    isPage: true,
  },
  "POST /api/v1/notification-acknowledgement": {
    name: "acknowledgeByLink",
    summary: "Acknowledge the subject of a message by its signed link",
    permission: "public",
    query: z.object({ token: z.string().min(1).max(1_000) }),
    takes: "bytes",
    response: z.unknown(),
    answer: "file",
    isPage: true,
  },
});

const SIGNED_IN = "Only for people: an API key has no inbox.";

export const inboxApi = defineApi({
  "GET /api/v1/inbox": {
    name: "listInbox",
    summary: "Your inbox in the project, newest first",
    permission: "signed-in",
    description: SIGNED_IN,
    query: PageQuery.extend({ unread: z.stringbool().default(false).describe("Only unread items.") }),
    response: pageOf(InboxItem),
  },
  "GET /api/v1/inbox/unread": {
    name: "countUnread",
    summary: "How many items of your inbox are unread",
    permission: "signed-in",
    description: SIGNED_IN,
    response: z.object({ count: z.number().describe("At most 100.") }),
  },
  "POST /api/v1/inbox/:itemId/read": {
    name: "markInboxItemRead",
    summary: "Mark an item of your inbox as read",
    permission: "signed-in",
    description: SIGNED_IN,
    params: z.object({ itemId: id }),
    response: Done,
  },
  "POST /api/v1/inbox/read-all": {
    name: "markInboxRead",
    summary: "Mark all items of your inbox as read",
    permission: "signed-in",
    description: SIGNED_IN,
    response: Done,
  },
});
