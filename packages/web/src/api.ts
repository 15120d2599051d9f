import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { ApiError, type Client, createClient } from "@treadle/sdk";
import { toastFailed } from "./components/feedback/toast.tsx";

export type { Answer } from "@treadle/sdk";
export { ApiError, readAllPages, readEvents } from "@treadle/sdk";

const clients = new Map<string, Client>();

/** The API as the signed-in person sees it, speaking for one project; without an id it speaks for the person alone. */
export function clientFor(projectId = ""): Client {
  const known = clients.get(projectId);
  if (known) return known;
  const client = createClient({ baseUrl: location.origin, projectId, fetch: (...args) => fetch(...args) });
  clients.set(projectId, client);
  return client;
}

/** Worth a second try by itself: the network, and a server that says it is busy or starting. */
export const isPassing = (error: unknown) =>
  error instanceof ApiError && [0, 429, 502, 503, 504].includes(error.status);

/** The sentence of an error, with the request id where there is one. */
export function explain(error: unknown): string {
  if (error instanceof ApiError)
    return error.requestId ? `${error.message} (request ${error.requestId})` : error.message;
  return error instanceof Error ? error.message : String(error);
}

declare module "@tanstack/react-query" {
  interface Register {
    /** `failure` is the headline of a mutation that failed, such as "The key was not revoked"; without it the page shows the error itself. */
    mutationMeta: { failure?: string };
  }
}

/** A session that ended while a page was open: signing in leads back to the same address, where everything still stands. */
function signInAgain() {
  if (location.pathname === "/sign-in") return;
  const next = encodeURIComponent(location.pathname + location.search);
  location.assign(`/sign-in?next=${next}`);
}

export const queryClient = new QueryClient({
  queryCache: new QueryCache({
    onError: (error, query) => {
      // Whether there is a session at all is the router's question; it asks before it shows a page.
      if (error instanceof ApiError && error.status === 401 && query.queryKey[0] !== "session") signInAgain();
    },
  }),
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      refetchOnWindowFocus: false,
      retry: (failures, error) => failures < 2 && isPassing(error),
      retryDelay: (failures) => 400 * 2 ** failures,
    },
  },
  mutationCache: new MutationCache({
    onError: (error, ...[, , mutation]) => {
      if (mutation.meta?.failure) toastFailed(mutation.meta.failure, explain(error));
    },
  }),
});
