export { ContentHidden } from "./content-hidden.tsx";

import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { rootRoute } from "../../../components/layout/root-route.ts";

export { type CurrentProject, useProject } from "./use-project.ts";
export { useProjectChanges } from "./use-project-changes.ts";
export { sessionQuery, useSession, useSignOut, useUpdateAccount } from "./use-session.ts";

export const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/sign-in",
  validateSearch: ({ next }: { next?: string }): { next?: string } => ({ next: localPath(next) }),
  component: lazyRouteComponent(() => import("./sign-in-page.tsx"), "SignInPage"),
});

/** Redirects after sign-in only to a path of this site, to prevent open redirects. */
function localPath(next: string | undefined) {
  return next?.startsWith("/") && !next.startsWith("//") && !next.startsWith("/\\") && !next.startsWith("/sign-in")
    ? next
    : undefined;
}
