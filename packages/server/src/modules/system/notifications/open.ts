import type { Module } from "../../../kernel/module.ts";
import { inboxRoutes, notificationRoutes } from "./routes.ts";
import { createNotifications, type Notifications } from "./service.ts";
import type { NotificationsDeps } from "./stores/deps.ts";

export function openNotifications(deps: NotificationsDeps): Module<Notifications> {
  const api = createNotifications(deps);
  const { start, close } = api.dispatcher;
  return { api, routes: [notificationRoutes(api), inboxRoutes(api)], start, close };
}
