import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute } from "../../system/shell/index.ts";

export { PullProgress } from "./pull-progress.tsx";

/** The frame that the pages about models share; connections hang their page under it. */
export const modelsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/models",
  component: lazyRouteComponent(() => import("./models-frame.tsx"), "ModelsFrame"),
});

const localRoute = createRoute({
  getParentRoute: () => modelsRoute,
  path: "/",
  component: lazyRouteComponent(() => import("./local-models-page.tsx"), "LocalModelsPage"),
});

const pricesRoute = createRoute({
  getParentRoute: () => modelsRoute,
  path: "/prices",
  component: lazyRouteComponent(() => import("./prices-page.tsx"), "PricesPage"),
});

export const modelPages = [localRoute, pricesRoute] as const;
