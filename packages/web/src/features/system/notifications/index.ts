import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { loadInboxPage } from "../inbox/index.ts";
import { settingsRoute } from "../projects/index.ts";
import { shellRoute } from "../shell/index.ts";

export const notificationsRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: "/notifications",
  component: lazyRouteComponent(() => import("./notifications-page.tsx"), "NotificationsPage"),
});

export const inboxRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/inbox",
  validateSearch: ({ unread }: { unread?: string }): { unread?: "1" } => ({ unread: unread === "1" ? "1" : undefined }),
  component: lazyRouteComponent(loadInboxPage, "InboxPage"),
});
