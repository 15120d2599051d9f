import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type Answer, clientFor } from "../../../api.ts";

export type Session = Answer<"GET /api/v1/session">;

/** The signed-in user and their projects. */
export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: ({ signal }) => clientFor().call("GET /api/v1/session", { signal }),
  staleTime: 60_000,
  retry: false,
});

export const useSession = () => useQuery(sessionQuery);

type Credentials = { token: string } | { email: string; password: string };

/** Signs in with email and password or with a one-time token, and stores the session. */
export function useSignIn() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (body: Credentials) => clientFor().call("POST /api/v1/session", { body }),
    onSuccess: (session) => cache.setQueryData(sessionQuery.queryKey, session),
  });
}

/** Ends the session and clears all loaded data. */
export function useSignOut() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: () => clientFor().call("DELETE /api/v1/session"),
    meta: { failure: "You are still signed in" },
    onSuccess: () => cache.clear(),
  });
}

type AccountChange = { name?: string; email?: string; password?: string; currentPassword?: string };

/** Changes the user's name, email or password. */
export function useUpdateAccount() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (body: AccountChange) => clientFor().call("PATCH /api/v1/account", { body }),
    onSuccess: (user) => cache.setQueryData(sessionQuery.queryKey, (session) => session && { ...session, user }),
  });
}
