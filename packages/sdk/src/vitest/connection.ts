import { inject } from "vitest";
import { type Client, createClient } from "../client.ts";
import { type Connection, environment, namedServer } from "./test-settings.ts";

declare module "vitest" {
  interface ProvidedContext {
    treadle: Connection | null;
  }
}

let client: Client | undefined;

/**
 * The server in the environment variables, or the server that `@treadle/sdk/vitest/server` started. Throws if there is
 * neither.
 */
export function connection(): Client {
  if (client) return client;
  const server = namedServer(environment()) ?? inject("treadle") ?? null;
  if (server === null)
    throw new Error(
      'There is no server to score on. Set TREADLE_URL and TREADLE_API_KEY, or have one started for the tests: globalSetup: ["@treadle/sdk/vitest/server"] in the configuration of Vitest.',
    );
  client = createClient({ baseUrl: server.url, apiKey: server.apiKey });
  return client;
}
