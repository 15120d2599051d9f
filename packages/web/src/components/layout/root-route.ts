import type { QueryClient } from "@tanstack/react-query";
import { createRootRouteWithContext } from "@tanstack/react-router";

/** The root of every page, signed in or not. Features hang their routes under it or under the shell's route. */
export const rootRoute = createRootRouteWithContext<{ queryClient: QueryClient }>()();
