import { useQuery } from "@tanstack/react-query";
import { useProject } from "../session/index.ts";
import { readPages } from "./read-pages.ts";

const AT_ONCE = 200;

/** The datasets to choose from, by name; empty without permission. */
export function useDatasetChoices() {
  const { id, client, can } = useProject();
  return useQuery({
    queryKey: ["datasets", id, "choices"],
    enabled: can("datasets:read"),
    queryFn: ({ signal }) =>
      readPages((cursor) => client.call("GET /api/v1/datasets", { query: { limit: AT_ONCE, cursor }, signal })),
  });
}

/** The versions of a dataset, the newest first. */
export function useVersionChoices(datasetId: string) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["datasets", id, datasetId, "version-choices"],
    enabled: datasetId !== "",
    queryFn: ({ signal }) =>
      readPages((cursor) =>
        client.call("GET /api/v1/datasets/:datasetId/versions", {
          params: { datasetId },
          query: { limit: AT_ONCE, cursor },
          signal,
        }),
      ),
  });
}

export function usePromptChoices() {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["prompts", id, "choices"],
    queryFn: ({ signal }) =>
      readPages((cursor) => client.call("GET /api/v1/prompts", { query: { limit: AT_ONCE, cursor }, signal })),
  });
}

/** The members of the project; empty without permission. */
export function useMemberChoices() {
  const { id, client, can } = useProject();
  return useQuery({
    queryKey: ["members", id, "choices"],
    enabled: can("members:read"),
    queryFn: ({ signal }) =>
      readPages((cursor) => client.call("GET /api/v1/members", { query: { limit: AT_ONCE, cursor }, signal })),
  });
}

/** The queues, newest first: all, or only the queues that accept items from the user. */
export function useQueueChoices(which: "all" | "open") {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["annotation", id, "choices"],
    queryFn: ({ signal }) =>
      readPages((cursor) =>
        client.call("GET /api/v1/annotation-queues", { query: { limit: AT_ONCE, cursor }, signal }),
      ),
    select: (queues) => (which === "all" ? queues : queues.filter(({ isOpen, mine }) => isOpen && mine.mayReview)),
  });
}

/** The project's endpoints with their variants. */
export function useEndpointChoices() {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["endpoints", id, "choices"],
    queryFn: ({ signal }) =>
      readPages((cursor) => client.call("GET /api/v1/endpoints", { query: { limit: AT_ONCE, cursor }, signal })),
  });
}

/** The experiments, newest first; empty without permission. */
export function useExperimentChoices(isWanted = true) {
  const { id, client, can } = useProject();
  return useQuery({
    queryKey: ["experiments", id, "choices"],
    enabled: isWanted && can("experiments:read"),
    queryFn: ({ signal }) =>
      readPages((cursor) => client.call("GET /api/v1/experiments", { query: { limit: AT_ONCE, cursor }, signal })),
  });
}

/** The built-in test sets; empty without permission. */
export function useTestSetChoices(isWanted = true) {
  const { id, client, can } = useProject();
  return useQuery({
    queryKey: ["test-sets", id],
    enabled: isWanted && can("datasets:read"),
    queryFn: async ({ signal }) => (await client.call("GET /api/v1/test-sets", { signal })).items,
    staleTime: Number.POSITIVE_INFINITY,
  });
}
