import { useQuery } from "@tanstack/react-query";
import { type Connection, useConnections } from "../connections/index.ts";
import { useProject } from "../session/index.ts";

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

/** The connections that may fine-tune: those of OpenAI's API that are enabled. Undefined while they are loaded. */
export function useFineTuners(): readonly Connection[] | undefined {
  return useConnections().data?.items.filter(
    ({ provider, isEnabled }) => provider === "openai-compatible" && isEnabled,
  );
}
