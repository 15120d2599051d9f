import { setTimeout as delay } from "node:timers/promises";
import type { Client, RequestFor } from "@treadle/sdk";
import { expectedAt, questionAt } from "./rewriting-provider.ts";

type Order = RequestFor<"POST /api/v1/optimisations">["body"];

/**
 * Creates what a search needs: a connection to the rewriting provider, a dataset of questions, and a weak prompt.
 * Returns the request body.
 */
export async function furnishOptimisation({ call }: Client, { baseUrl }: { readonly baseUrl: string }): Promise<Order> {
  await call("POST /api/v1/connections", {
    body: { slug: "rewriting", preset: "vllm", baseUrl, models: ["writer", "reflector"], keys: [{ value: "sk-a" }] },
  });
  for (const model of ["writer", "reflector"])
    await call("POST /api/v1/model-prices", {
      body: { provider: "*", model, inputUsdPerMillion: 0.5, outputUsdPerMillion: 2 },
    });
  const { datasetId } = await call("POST /api/v1/datasets", {
    body: { name: "loud-answers", description: "Questions with answers that are shouted." },
  });
  const items = Array.from({ length: 150 }, (_, at) => ({
    itemId: `q${at}`,
    inputs: { question: questionAt(at) },
    expected: expectedAt(at),
  }));
  await call("POST /api/v1/datasets/:datasetId/items", { params: { datasetId }, body: { items } });
  await call("POST /api/v1/datasets/:datasetId/draft/commit", { params: { datasetId }, body: { message: "first" } });
  await call("POST /api/v1/prompts", {
    body: {
      name: "support/shout",
      type: "chat",
      labels: ["production"],
      model: "rewriting/writer",
      messages: [
        { role: "system", content: "Answer." },
        { role: "user", content: "{{question}}" },
      ],
    },
  });
  return {
    name: "Louder answers",
    prompt: { name: "support/shout", version: 1 },
    reflectionModel: "rewriting/reflector",
    dataset: { datasetId, version: "1" },
    scorers: [{ kind: "exact-match" }],
    parts: { feedback: 30, selection: 30, test: 60 },
    budget: { answers: 300 },
  };
}

/** Waits up to two minutes for the search to end. */
export async function endOfSearch({ call }: Client, optimisationId: string) {
  for (let tries = 0; tries < 1_200; tries++) {
    const search = await call("GET /api/v1/optimisations/:optimisationId", { params: { optimisationId } });
    if (search.status !== "queued" && search.status !== "running") return search;
    await delay(100);
  }
  throw new Error("the search does not end");
}
