import { useQuery } from "@tanstack/react-query";
import { useProject } from "../../../system/session/index.ts";

/** The newest finished previews of guards, with the detectors of their rules. */
export function useFindingPreviews() {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["guard-previews", id, "choices"],
    queryFn: ({ signal }) => client.call("GET /api/v1/guard-previews", { query: { limit: 100 }, signal }),
    select: ({ items }) =>
      items
        .filter(({ state }) => state === "done")
        .map(({ previewId, createdAt, rules }) => ({
          previewId,
          createdAt,
          detectors: [...new Set(rules.map(({ detector }) => detector))],
        })),
  });
}

/** The newest runs, with their experiments to distinguish them. */
export function useRunNames() {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["runs", id, "choices"],
    queryFn: ({ signal }) => client.call("GET /api/v1/runs", { query: { limit: 100, status: "done" }, signal }),
    select: ({ items }) =>
      items.map(({ runId, name, experimentName, suite, variant, createdAt }) => ({
        runId,
        name,
        about: [experimentName ?? suite ?? variant?.model, createdAt.slice(0, 10)].filter(Boolean).join(", "),
      })),
  });
}
