import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { RequestFor } from "@treadle/sdk";
import { useEffect, useState } from "react";
import { useProject } from "../../system/session/index.ts";
import type { Into } from "./choose-dataset.tsx";
import type { SpanMapping } from "./span-mapping.ts";

type Body = RequestFor<"POST /api/v1/datasets/:datasetId/trace-items/preview">["body"];
const STILL_MS = 400;

/** A preview of the first items, requested after the form stops changing. */
export function usePreviewSpans(datasetId: string | undefined, body: Body) {
  const { id, client } = useProject();
  const text = JSON.stringify(body);
  const [asked, setAsked] = useState({ text, body });
  // biome-ignore lint/correctness/useExhaustiveDependencies: equal requests have the same text.
  useEffect(() => {
    const timer = setTimeout(() => setAsked({ text, body }), STILL_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return useQuery({
    queryKey: ["span-items", id, datasetId, asked.text],
    enabled: datasetId !== undefined,
    retry: false,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      client.call("POST /api/v1/datasets/:datasetId/trace-items/preview", {
        params: { datasetId: datasetId ?? "" },
        body: asked.body,
        signal,
      }),
  });
}

/** Adds spans to the draft, or creates a live link. */
export function useAddSpans(into: Into | undefined) {
  const { client } = useProject();
  const cache = useQueryClient();
  const onSuccess = () => cache.invalidateQueries({ queryKey: ["datasets"] });
  const { datasetId = "", branch = "main" } = into ?? {};
  return {
    add: useMutation({
      mutationFn: (body: Body) =>
        client.call("POST /api/v1/datasets/:datasetId/trace-items", {
          params: { datasetId },
          body: { ...body, branch },
        }),
      onSuccess,
    }),
    link: useMutation({
      mutationFn: (body: { filter: string; mapping: SpanMapping; share: number }) =>
        client.call("POST /api/v1/datasets/:datasetId/live-links", {
          params: { datasetId },
          body: { ...body, branch },
        }),
      onSuccess,
    }),
  };
}
