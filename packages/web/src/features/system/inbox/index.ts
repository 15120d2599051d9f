import { lazy } from "react";

/** Loaded after the first paint. */
export const InboxBell = lazy(() => import("./inbox-bell.tsx").then((module) => ({ default: module.InboxBell })));
export const loadInboxPage = () => import("./inbox-page.tsx");
