import { useQuery } from "@tanstack/react-query";
import { useProject } from "../session/index.ts";

/** The datasets that can be chosen, by name. */
export function useDatasets() {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["datasets", id, "choices"],
    queryFn: ({ signal }) => client.call("GET /api/v1/datasets", { query: { limit: 200 }, signal }),
    select: ({ items }) => items,
  });
}

/** The newest versions of a dataset. */
export function useVersions(datasetId: string) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["datasets", id, datasetId, "version-choices"],
    enabled: datasetId !== "",
    queryFn: ({ signal }) =>
      client.call("GET /api/v1/datasets/:datasetId/versions", { params: { datasetId }, query: { limit: 100 }, signal }),
    select: ({ items }) => items,
  });
}

/** The models of this machine that generate text: what a run can begin from. */
export function useBaseModels(): readonly string[] {
  const { id, client } = useProject();
  const models = useQuery({
    queryKey: ["models", id],
    queryFn: ({ signal }) => client.call("GET /api/v1/models", { signal }),
  });
  return (models.data?.items ?? [])
    .filter(({ kind, state }) => kind === "chat" && state !== "available" && state !== "failed")
    .map(({ id: name }) => name);
}
