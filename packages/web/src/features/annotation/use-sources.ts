import { useQuery } from "@tanstack/react-query";
import { useProject } from "../session/index.ts";

/** The datasets that items can come from. */
export function useDatasetNames() {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["datasets", id, "choices"],
    queryFn: ({ signal }) => client.call("GET /api/v1/datasets", { query: { limit: 200 }, signal }),
    select: ({ items }) => items,
  });
}

/** The newest runs, told apart by what they are of. */
export function useRunNames() {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["runs", id, "choices"],
    queryFn: ({ signal }) => client.call("GET /api/v1/runs", { query: { limit: 100, status: "done" }, signal }),
    select: ({ items }) =>
      items.map(({ runId, name, experimentName, suite, variant, createdAt }) => ({
        ...{ runId, name },
        about: [experimentName ?? suite ?? variant?.model, createdAt.slice(0, 10)].filter(Boolean).join(", "),
      })),
  });
}

/** The members of the project, where one may see them. */
export function useMemberNames() {
  const { id, client, can } = useProject();
  return useQuery({
    queryKey: ["members", id, "choices"],
    enabled: can("members:read"),
    queryFn: ({ signal }) => client.call("GET /api/v1/members", { query: { limit: 200 }, signal }),
    select: ({ items }) => items,
  });
}
