import type { Module } from "../../../kernel/module.ts";
import type { Thread } from "../../../platform/threads/port.ts";
import { whereSpans } from "../../observe/traces/index.ts";
import type { PreviewDeps } from "./deps.ts";
import type { PreviewOrders } from "./orders.ts";
import { guardPreviewRoutes } from "./routes.ts";
import { createGuardPreviews, type GuardPreviews } from "./service.ts";

type Opened = Omit<PreviewDeps, "judge" | "whereSpans"> & {
  /** Judges calls. It has the detectors, which higher modules and packages have too. */
  readonly thread: Thread<PreviewOrders>;
};

export function openGuardPreviews({ thread, ...deps }: Opened): Module<GuardPreviews> {
  const judge: PreviewDeps["judge"] = (order) => thread.ask("judge", order);
  const api = createGuardPreviews({ ...deps, judge, whereSpans });
  return { api, routes: [guardPreviewRoutes(api)], close: thread.close };
}
