import { useQuery } from "@tanstack/react-query";
import { useProject } from "../../../system/session/index.ts";

/** The names of models that callers can use, with the likely embedders first; empty without permission. */
export function useEmbeddingChoices() {
  const { id, client, can } = useProject();
  return useQuery({
    queryKey: ["callable-models", id],
    enabled: can("gateway:use"),
    staleTime: 60_000,
    queryFn: ({ signal }) => client.call("GET /v1/models", { signal }),
    select: ({ data }) => {
      const names = data.map((model) => model.id);
      const isEmbedder = (name: string) => /embed|minilm|e5|bge/i.test(name);
      return [...names.filter(isEmbedder), ...names.filter((name) => !isEmbedder(name))];
    },
  });
}
