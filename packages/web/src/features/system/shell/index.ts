import { createRoute, redirect, retainSearchParams } from "@tanstack/react-router";
import { ApiError } from "../../../api.ts";
import { rootRoute } from "../../../components/layout/root-route.ts";
import { sessionQuery } from "../session/index.ts";
import { Frame, FrameSkeleton } from "./frame.tsx";

/** Every page of a signed-in person. `?project=` names the project, so that a shared URL opens the same page. */
export const shellRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: "shell",
  validateSearch: ({ project }: { project?: string }): { project?: string } => ({ project }),
  search: { middlewares: [retainSearchParams(["project"])] },
  async beforeLoad({ context, location }) {
    try {
      await context.queryClient.ensureQueryData(sessionQuery);
    } catch (error) {
      if (error instanceof ApiError && error.status === 401)
        throw redirect({ to: "/sign-in", search: { next: location.href } });
      throw error;
    }
  },
  component: Frame,
  pendingComponent: FrameSkeleton,
});
