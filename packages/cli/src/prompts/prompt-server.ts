import { type Answer, ApiError, type Client } from "@treadle/sdk";
import type { Version } from "./prompt-content.ts";

export type Prompt = Answer<"GET /api/v1/prompts/:name/details">;

/** Every prompt that is not archived, or those that are named: by their names, or by a folder with a slash behind it. */
export async function listPrompts(client: Client, names: readonly string[]): Promise<readonly Prompt[]> {
  const all: Prompt[] = [];
  let cursor: string | undefined;
  do {
    const page = await client.call("GET /api/v1/prompts", { query: { limit: 200, cursor } });
    all.push(...page.items);
    cursor = page.nextCursor ?? undefined;
  } while (cursor);
  if (names.length === 0) return all;
  const isMeant = (wanted: string, { name }: Prompt) =>
    wanted.endsWith("/") ? name.startsWith(wanted) : name === wanted;
  const missing = names.find((wanted) => !all.some((prompt) => isMeant(wanted, prompt)));
  if (missing) throw new Error(`There is no prompt ${missing} on the server.`);
  return all.filter((prompt) => names.some((wanted) => isMeant(wanted, prompt)));
}

export const getPrompt = (client: Client, name: string): Promise<Prompt | undefined> =>
  client.call("GET /api/v1/prompts/:name/details", { params: { name } }).catch(undefinedIfMissing);

export const getVersion = (client: Client, name: string, version: number): Promise<Version | undefined> =>
  client
    .call("GET /api/v1/prompts/:name/versions/:version", { params: { name, version: String(version) } })
    .catch(undefinedIfMissing);

function undefinedIfMissing(error: unknown): undefined {
  if (error instanceof ApiError && error.status === 404) return undefined;
  throw error;
}
