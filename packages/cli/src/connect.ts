import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type ApiError, createClient } from "@treadle/sdk";
import type { Command } from "commander";

/** How a command finds the server; what a flag leaves out comes from the environment. */
export type ServerFlags = { readonly url?: string; readonly key?: string; readonly json?: boolean };

/** Adds the flags that every command which talks to a server has. */
export const withServerFlags = (command: Command) =>
  command
    .option("--url <url>", "where the server is (TREADLE_URL; otherwise TREADLE_HOST and TREADLE_PORT)")
    .option("--key <key>", "the API key (TREADLE_API_KEY; otherwise the file api-key in the data folder)")
    .option("--json", "print what the server answers, as JSON");

/** The folder that a server started here would use. */
export const dataFolder = () => resolve(process.env.TREADLE_DATA || ".treadle");

/** The address of a server started here, or of the one that was named. */
export function serverUrl({ url }: ServerFlags = {}): string {
  const named = url ?? process.env.TREADLE_URL;
  if (named && !/^https?:$/.test(URL.parse(named)?.protocol ?? ""))
    throw new Error(
      `"${named}" (${url === undefined ? "TREADLE_URL" : "--url"}) is not the address of a server. Write one such as http://127.0.0.1:4747.`,
    );
  if (named) return named.replace(/\/+$/, "");
  const host = process.env.TREADLE_HOST || "127.0.0.1";
  const reachable = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host;
  return `http://${reachable.includes(":") ? `[${reachable}]` : reachable}:${process.env.TREADLE_PORT || "4747"}`;
}

/** A client of the server that the flags, the environment or the data folder name. */
export function connect(flags: ServerFlags) {
  const url = serverUrl(flags);
  const apiKey = flags.key ?? (process.env.TREADLE_API_KEY || keyInDataFolder());
  return { url, hasKey: apiKey !== undefined, client: createClient({ baseUrl: url, apiKey }) };
}

function keyInDataFolder(): string | undefined {
  try {
    return readFileSync(join(dataFolder(), "api-key"), "utf8").trim() || undefined;
  } catch {
    return process.env.TREADLE_BOOTSTRAP_KEY || undefined;
  }
}

/** What a person can do about a failed call; undefined when the server's own sentence says it all. */
export function adviceFor(error: ApiError, url: string): string | undefined {
  if (error.code === "network")
    return `Start a server with \`npm start\` (or \`treadle serve\`), or say where one is with --url. Tried: ${url}`;
  if (error.code === "unauthorized")
    return "Give a key with --key or TREADLE_API_KEY. The first start prints one and keeps it in the file api-key of the data folder.";
  return undefined;
}
