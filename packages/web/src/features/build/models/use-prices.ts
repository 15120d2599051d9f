import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { ModelPrice } from "@treadle/contract";
import { readAllPages } from "../../../api.ts";
import { useProject } from "../../system/session/index.ts";

/** The project's own prices, which win over the kept table. */
export function usePrices() {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["prices", id],
    queryFn: ({ signal }) => readAllPages((query) => client.call("GET /api/v1/model-prices", { query, signal })),
  });
}

/** What a call of a model would be charged, and where that price comes from. */
export function usePriceLookup(provider: string, model: string) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["prices", id, "lookup", provider, model],
    enabled: model !== "",
    queryFn: ({ signal }) => client.call("GET /api/v1/model-prices/lookup", { query: { provider, model }, signal }),
  });
}

export type PriceInput = Omit<ModelPrice, "priceId">;

export function useSavePrice() {
  const { client } = useProject();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (body: PriceInput) => client.call("POST /api/v1/model-prices", { body }),
    onSuccess: () => void cache.invalidateQueries({ queryKey: ["prices"] }),
  });
}

export function useDeletePrice() {
  const { client } = useProject();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (priceId: string) => client.call("DELETE /api/v1/model-prices/:priceId", { params: { priceId } }),
    meta: { failure: "The price was not deleted" },
    onSuccess: () => void cache.invalidateQueries({ queryKey: ["prices"] }),
  });
}
