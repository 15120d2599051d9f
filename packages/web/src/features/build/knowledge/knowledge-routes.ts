import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute } from "../../system/shell/index.ts";
import type {
  DocumentSearch,
  DocumentsSearch,
  EvaluationSearch,
  ListSearch,
  QuerySearch,
  VersionsSearch,
} from "./shared/knowledge-search.ts";

const wordOf = (text: string | undefined) => text?.slice(0, 200) || undefined;
const numberOf = (text: string | undefined) => (/^[1-9]\d{0,8}$/.test(text ?? "") ? text : undefined);

const listRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/knowledge",
  validateSearch: ({ search }: ListSearch): ListSearch => ({ search: wordOf(search) }),
  component: lazyRouteComponent(() => import("./list/knowledge-page.tsx"), "KnowledgePage"),
});

/** The frame of one knowledge base: its name and its tabs. */
const baseRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/knowledge/$knowledgeBaseId",
  component: lazyRouteComponent(() => import("./frame/base-frame.tsx"), "BaseFrame"),
});

const documentsRoute = createRoute({
  getParentRoute: () => baseRoute,
  path: "/",
  validateSearch: ({ search, state, source }: DocumentsSearch): DocumentsSearch => ({
    search: wordOf(search),
    state: wordOf(state),
    source: wordOf(source),
  }),
  component: lazyRouteComponent(() => import("./documents/documents-page.tsx"), "DocumentsPage"),
});

const searchRoute = createRoute({
  getParentRoute: () => baseRoute,
  path: "/search",
  validateSearch: ({ q, mode, version, as, limit }: QuerySearch): QuerySearch => ({
    q: q?.slice(0, 10_000) || undefined,
    mode: mode === "hybrid" || mode === "words" || mode === "meaning" ? mode : undefined,
    version: numberOf(version),
    as: as || undefined,
    limit: numberOf(limit),
  }),
  component: lazyRouteComponent(() => import("./search/search-page.tsx"), "SearchPage"),
});

const sourcesRoute = createRoute({
  getParentRoute: () => baseRoute,
  path: "/sources",
  component: lazyRouteComponent(() => import("./sources/sources-page.tsx"), "SourcesPage"),
});

const askRoute = createRoute({
  getParentRoute: () => baseRoute,
  path: "/ask",
  component: lazyRouteComponent(() => import("./ask/ask-page.tsx"), "AskPage"),
});

const versionsRoute = createRoute({
  getParentRoute: () => baseRoute,
  path: "/versions",
  validateSearch: ({ from, to }: VersionsSearch): VersionsSearch => ({ from: numberOf(from), to: numberOf(to) }),
  component: lazyRouteComponent(() => import("./versions/versions-page.tsx"), "VersionsPage"),
});

const evaluationRoute = createRoute({
  getParentRoute: () => baseRoute,
  path: "/evaluation",
  validateSearch: ({ set }: EvaluationSearch): EvaluationSearch => ({ set: wordOf(set) }),
  component: lazyRouteComponent(() => import("./evaluation/evaluation-page.tsx"), "EvaluationPage"),
});

const settingsRoute = createRoute({
  getParentRoute: () => baseRoute,
  path: "/settings",
  component: lazyRouteComponent(() => import("./settings/base-settings.tsx"), "BaseSettings"),
});

const documentRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/knowledge/$knowledgeBaseId/documents/$documentId",
  validateSearch: ({ chunk, version }: DocumentSearch): DocumentSearch => ({
    chunk: wordOf(chunk),
    version: numberOf(version),
  }),
  component: lazyRouteComponent(() => import("./document/document-page.tsx"), "DocumentPage"),
});

export const knowledgeRoutes = [
  listRoute,
  baseRoute.addChildren([
    documentsRoute,
    sourcesRoute,
    searchRoute,
    askRoute,
    versionsRoute,
    evaluationRoute,
    settingsRoute,
  ]),
  documentRoute,
] as const;
