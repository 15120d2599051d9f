import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { settingsRoute } from "../../system/projects/index.ts";

export const deploymentSettingsRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: "/deployments",
  component: lazyRouteComponent(() => import("./deployment-settings-page.tsx"), "DeploymentSettingsPage"),
});

export { DeployButton } from "./deploy-button.tsx";
export { VersionDeployments } from "./version-deployments.tsx";
