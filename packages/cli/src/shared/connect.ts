import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type ApiError, createClient } from "@treadle/sdk";
import { type Command, Option } from "commander";
import { findProfile, type Profile, readProfiles } from "./profile-file.ts";
import { UsageError } from "./usage-error.ts";

/** How a command finds the server; what a flag leaves out comes from the environment, then from the profile. */
export type ServerFlags = {
  readonly url?: string;
  readonly key?: string;
  readonly project?: string;
  readonly profile?: string;
  readonly json?: boolean;
};
type Environment = Readonly<Record<string, string | undefined>>;

/** Adds the flags that say which server a command reaches, as whom. */
export function withConnectionFlags(command: Command): Command {
  for (const [flag, help] of CONNECTION_FLAGS) command.addOption(new Option(flag, help).helpGroup("Server:"));
  return command;
}

const CONNECTION_FLAGS = [
  ["--url <url>", "the server (TREADLE_URL; otherwise the profile; otherwise TREADLE_HOST and TREADLE_PORT)"],
  ["--key <key>", "the API key (TREADLE_API_KEY; otherwise the profile; otherwise api-key in the data folder)"],
  ["--project <id>", "the project, for a key with access to several (TREADLE_PROJECT; otherwise the profile)"],
  ["--profile <name>", "a server that `treadle login` stored (TREADLE_PROFILE)"],
] as const;

/** Adds the flags that every hand-written command has that talks to a server. */
export const withServerFlags = (command: Command) =>
  withConnectionFlags(command).option("--json", "print the server's response as JSON");

/** The folder that a server started here would use. */
export const dataFolder = (env: Environment = process.env) => resolve(env.TREADLE_DATA || ".treadle");

/** The address of the server that the flags, the environment or a profile name, or else of a server started here. */
export function serverUrl(flags: ServerFlags = {}, env: Environment = process.env): string {
  return locate(flags, env).url;
}

/** Whether anything names a server, so that a command must not start one itself. */
export const isServerNamed = (flags: ServerFlags, env: Environment = process.env): boolean =>
  flags.url !== undefined || Boolean(env.TREADLE_URL) || profileFor(flags, env) !== undefined;

/** A client of the server that the flags, the environment, a profile or the data folder name. */
export function connect(flags: ServerFlags, env: Environment = process.env) {
  const { url, profile } = locate(flags, env);
  // An explicit profile is one server with its key; the environment's key may belong to another.
  const given = flags.profile === undefined ? env.TREADLE_API_KEY : undefined;
  const apiKey = flags.key ?? (given || (profile ? profile.key : keyInDataFolder(env)));
  const projectId = flags.project ?? ((flags.profile === undefined && env.TREADLE_PROJECT) || profile?.project);
  return { url, hasKey: apiKey !== undefined, client: createClient({ baseUrl: url, apiKey, projectId }) };
}

/** A profile counts where its own address is used: its key is not sent to any other server. */
function locate(flags: ServerFlags, env: Environment): { url: string; profile: Profile | undefined } {
  const profile = profileFor(flags, env);
  const url = flags.url ?? (flags.profile === undefined && env.TREADLE_URL ? env.TREADLE_URL : profile?.url);
  if (url === undefined) return { url: localUrl(env), profile: undefined };
  if (!/^https?:$/.test(URL.parse(url)?.protocol ?? "")) {
    const source = flags.url !== undefined ? "--url" : url === env.TREADLE_URL ? "TREADLE_URL" : "the profile";
    throw new UsageError(
      `"${url}" (${source}) is not the address of a server. Write one such as http://127.0.0.1:4747.`,
    );
  }
  const address = url.replace(/\/+$/, "");
  return { url: address, profile: profile?.url === address ? profile : undefined };
}

function profileFor(flags: ServerFlags, env: Environment): Profile | undefined {
  const name = flags.profile ?? env.TREADLE_PROFILE;
  const isLocal = Boolean(env.TREADLE_HOST || env.TREADLE_PORT);
  if (!name && isLocal) return undefined;
  const profiles = readProfiles(env);
  if (name) return findProfile(name, profiles);
  return profiles.current === undefined ? undefined : findProfile(profiles.current, profiles);
}

function localUrl(env: Environment): string {
  const host = env.TREADLE_HOST || "127.0.0.1";
  const reachable = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host;
  return `http://${reachable.includes(":") ? `[${reachable}]` : reachable}:${env.TREADLE_PORT || "4747"}`;
}

function keyInDataFolder(env: Environment): string | undefined {
  try {
    return readFileSync(join(dataFolder(env), "api-key"), "utf8").trim() || undefined;
  } catch {
    return env.TREADLE_BOOTSTRAP_KEY || undefined;
  }
}

/** What a person can do about a failed call; undefined when the server's own sentence says it all. */
export function adviceFor(error: ApiError, url: string): string | undefined {
  if (error.code === "network")
    return `Start a server with \`npm start\` (or \`treadle serve\`), or name one with --url or \`treadle login\`. Tried: ${url}`;
  if (error.code === "unauthorized")
    return "Send a key with --key, TREADLE_API_KEY or `treadle login`. The first start prints one and stores it in the file api-key of the data folder.";
  return undefined;
}
