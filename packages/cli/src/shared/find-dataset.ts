import { type Answer, ApiError, type Client } from "@treadle/sdk";

type Dataset = Answer<"GET /api/v1/datasets/:datasetId">;

/** A dataset by its id or its name. Throws `not_found` with what there is. */
export async function findDataset(client: Client, named: string): Promise<Dataset> {
  if (/^ds_[0-9a-z]{26}$/.test(named))
    return client.call("GET /api/v1/datasets/:datasetId", { params: { datasetId: named } });
  const { items } = await client.call("GET /api/v1/datasets", { query: { name: named } });
  if (items[0]) return items[0];
  const all = await client.call("GET /api/v1/datasets", { query: { limit: 10 } });
  const names = all.items.map(({ name }) => name).join(", ");
  const message = `There is no dataset "${named}". ${names ? `There are: ${names}.` : "There is none yet; import one."}`;
  throw new ApiError({ status: 404, code: "not_found", message });
}
