import { useQuery } from "@tanstack/react-query";
import { type Connection, useConnections } from "../../../build/connections/index.ts";
import { useProject } from "../../../system/session/index.ts";

/** The local models that generate text, which a run can use as its base. */
export function useBaseModels(): readonly string[] {
  const { id, client } = useProject();
  const models = useQuery({
    queryKey: ["models", id],
    queryFn: ({ signal }) => client.call("GET /api/v1/models", { signal }),
  });
  return (models.data?.items ?? [])
    .filter(({ kind, state }) => kind === "chat" && state !== "available" && state !== "failed")
    .map(({ modelId }) => modelId);
}

/** The enabled connections of type OpenAI, which support fine-tuning. Undefined while they load. */
export function useFineTuners(): readonly Connection[] | undefined {
  return useConnections().data?.items.filter(
    ({ provider, isEnabled }) => provider === "openai-compatible" && isEnabled,
  );
}
