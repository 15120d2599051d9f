import { useMutation, useQueryClient } from "@tanstack/react-query";
import { clientFor } from "../../../api.ts";
import { useProject } from "./use-project.ts";
import { sessionQuery } from "./use-session.ts";

/** Creates a project, and changes the state of the current one. */
export function useProjectChanges() {
  const { id: projectId, client } = useProject();
  const cache = useQueryClient();
  const params = { projectId };
  // Permissions change everywhere, so every page refetches.
  const onSuccess = () => cache.invalidateQueries();
  return {
    create: useMutation({
      mutationFn: (name: string) => client.call("POST /api/v1/projects", { body: { name } }),
      onSuccess: () => cache.invalidateQueries(sessionQuery),
    }),
    archive: useMutation({
      mutationFn: () => client.call("POST /api/v1/projects/:projectId/archive", { params }),
      meta: { failure: "The project was not archived" },
      onSuccess,
    }),
    restore: useMutation({
      mutationFn: () => client.call("POST /api/v1/projects/:projectId/restore", { params }),
      meta: { failure: "The project was not restored" },
      onSuccess,
    }),
    remove: useMutation({
      mutationFn: (confirm: string) =>
        client.call("DELETE /api/v1/projects/:projectId", { params, query: { confirm } }),
      meta: { failure: "The project was not deleted" },
      onSuccess: () =>
        cache.fetchQuery({ ...sessionQuery, queryFn: () => clientFor().call("GET /api/v1/session"), staleTime: 0 }),
    }),
  };
}
