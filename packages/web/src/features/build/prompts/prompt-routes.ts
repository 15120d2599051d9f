import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { parseRange } from "../../../components/time/time-range.ts";
import { shellRoute } from "../../system/shell/index.ts";
import { type ListSearch, type PromptSearch, tabOf, versionIn } from "./shared/prompt-search.ts";

const listRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/prompts",
  validateSearch: ({ search, folder, tag, archived, new: begun }: ListSearch): ListSearch => ({
    search: search?.slice(0, 200) || undefined,
    folder: folder || undefined,
    tag: tag || undefined,
    archived: archived === "1" ? "1" : undefined,
    new: begun === "1" ? "1" : undefined,
  }),
  component: lazyRouteComponent(() => import("./list/prompts-page.tsx"), "PromptsPage"),
});

const promptRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/prompts/$name",
  validateSearch: (search: PromptSearch): PromptSearch => ({
    ...parseRange(search),
    version: versionIn(search.version)?.toString(),
    against: versionIn(search.against)?.toString(),
    tab: tabOf(search) === "Prompt" ? undefined : tabOf(search).toLowerCase(),
    edit: search.edit === "1" ? "1" : undefined,
  }),
  component: lazyRouteComponent(() => import("./prompt/prompt-page.tsx"), "PromptPage"),
});

export const promptRoutes = [listRoute, promptRoute] as const;
