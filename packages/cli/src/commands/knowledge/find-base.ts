import { type Answer, ApiError, type Client } from "@treadle/sdk";

export type Base = Answer<"GET /api/v1/knowledge/:knowledgeBaseId">;

const SHOWN = 10;

/** A knowledge base by its id or its name. Throws `not_found` with the existing names. */
export async function findBase(client: Client, named: string): Promise<Base> {
  if (/^kb_[0-9a-z]{26}$/.test(named))
    return client.call("GET /api/v1/knowledge/:knowledgeBaseId", { params: { knowledgeBaseId: named } });
  const { items } = await client.call("GET /api/v1/knowledge", { query: { search: named, limit: 200 } });
  const base = items.find(({ name }) => name === named);
  if (base) return base;
  const all = await client.call("GET /api/v1/knowledge", { query: { limit: SHOWN } });
  const names = all.items.map(({ name }) => name).join(", ");
  const advice = names ? `There are: ${names}.` : `Create it with \`treadle knowledge create --name "${named}"\`.`;
  throw new ApiError({
    status: 404,
    code: "not_found",
    message: `There is no knowledge base "${named}". ${advice}`,
  });
}
