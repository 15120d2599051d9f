import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { rootRoute } from "../../components/root-route.ts";

export { type CurrentProject, useProject } from "./use-project.ts";
export { sessionQuery, useSession, useSignOut, useUpdateAccount } from "./use-session.ts";

export const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/sign-in",
  validateSearch: ({ next }: { next?: string }): { next?: string } => ({ next: localPath(next) }),
  component: lazyRouteComponent(() => import("./sign-in-page.tsx"), "SignInPage"),
});

/** Only a path of this site may be gone to after signing in, so that a link cannot lead a person elsewhere. */
function localPath(next: string | undefined) {
  return next?.startsWith("/") && !next.startsWith("//") && !next.startsWith("/\\") && !next.startsWith("/sign-in")
    ? next
    : undefined;
}
