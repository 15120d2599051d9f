import { useQueries, useQuery } from "@tanstack/react-query";
import { useProject } from "../../../system/session/index.ts";
import { readVersion, type StoredVersion } from "./fill-request.ts";
import type { ChatColumn, RowsChoice } from "./playground-state.ts";
import type { Row } from "./row-inputs.ts";

/** The models and endpoints a request can name, chat models first come first. */
export function useCallableModels() {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["callable-models", id],
    queryFn: ({ signal }) => client.call("GET /v1/models", { signal }),
    staleTime: 60_000,
  });
}

type ColumnPrompt = { readonly version?: StoredVersion; readonly error: unknown };
const refKey = (prompt: ChatColumn["prompt"]) => (prompt ? `${prompt.name}@${prompt.version}` : "");

/** The stored prompts of the columns; a version never changes, so that it is read once. */
export function useColumnPrompts(columns: readonly ChatColumn[]): (column: ChatColumn) => ColumnPrompt | undefined {
  const { id, client } = useProject();
  const refs = columns.flatMap(({ prompt }) => (prompt ? [prompt] : []));
  const unique = [...new Map(refs.map((ref) => [refKey(ref), ref])).values()];
  const answers = useQueries({
    queries: unique.map((ref) => ({
      queryKey: ["prompt-version", id, ref.name, ref.version],
      queryFn: ({ signal }: { signal: AbortSignal }) => readVersion(client, ref, signal),
      staleTime: Number.POSITIVE_INFINITY,
    })),
  });
  const found = new Map(unique.map((ref, index) => [refKey(ref), answers[index]]));
  return (column) => {
    const answer = column.prompt && found.get(refKey(column.prompt));
    return answer && { version: answer.data, error: answer.error };
  };
}

const NO_ROWS: readonly Row[] = [];

/** The items of the chosen version, whole, from its beginning. */
export function useRows(choice: RowsChoice | null | undefined) {
  const { id, client } = useProject();
  const { datasetId = "", at = "", count = 0 } = choice ?? {};
  const answer = useQuery({
    queryKey: ["datasets", id, datasetId, "playground-rows", at, count],
    enabled: datasetId !== "",
    queryFn: ({ signal }) =>
      client.call("GET /api/v1/datasets/:datasetId/items", {
        params: { datasetId },
        query: { at, limit: count },
        signal,
      }),
  });
  return { ...answer, rows: answer.data?.items ?? NO_ROWS };
}

/** Prompts to choose from, by a part of their name or text. */
export function usePromptNames(search: string) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["prompts", id, "playground", search],
    queryFn: ({ signal }) =>
      client.call("GET /api/v1/prompts", { query: { limit: 100, ...(search && { search }) }, signal }),
    placeholderData: (previous) => previous,
  });
}

export function usePromptVersions(name: string) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["prompt", id, name, "playground-versions"],
    enabled: name !== "",
    queryFn: ({ signal }) =>
      client.call("GET /api/v1/prompts/:name/versions", { params: { name }, query: { limit: 100 }, signal }),
  });
}
