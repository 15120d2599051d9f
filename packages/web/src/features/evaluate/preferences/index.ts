import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute } from "../../system/shell/index.ts";
import { type PreferenceSearch, readPreferenceSearch } from "./preference-search.ts";

export const preferencesRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/preferences",
  validateSearch: (search: PreferenceSearch): PreferenceSearch => readPreferenceSearch(search),
  component: lazyRouteComponent(() => import("./preferences-page.tsx"), "PreferencesPage"),
});
