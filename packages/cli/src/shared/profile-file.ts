import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { UsageError } from "./usage-error.ts";

/** A server that a person signed in to: its address, the key and the project to act in. */
export type Profile = { readonly url: string; readonly key?: string; readonly project?: string };
export type Profiles = { readonly current?: string; readonly profiles: Readonly<Record<string, Profile>> };

type Environment = Readonly<Record<string, string | undefined>>;

/** Where profiles are stored: `$XDG_CONFIG_HOME/treadle/config.json`, or below `~/.config`. */
export const profileFile = (env: Environment): string =>
  join(env.XDG_CONFIG_HOME || join(env.HOME || homedir(), ".config"), "treadle", "config.json");

/** All profiles; none where there is no file yet. Throws a `UsageError` that names a file which cannot be read. */
export function readProfiles(env: Environment): Profiles {
  const file = profileFile(env);
  const text = readIfThere(file);
  if (text === undefined) return { profiles: {} };
  const content = parse(text);
  if (!isProfiles(content))
    throw new UsageError(
      `${file} is not a valid list of profiles. Correct it, or delete it and run \`treadle login\`.`,
    );
  return content;
}

/** Writes the file so that only its owner can read it, and never half of it. */
export function writeProfiles(profiles: Profiles, env: Environment): string {
  const file = profileFile(env);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}`;
  try {
    writeFileSync(draft, `${JSON.stringify(profiles, null, 2)}\n`, { mode: 0o600 });
    chmodSync(draft, 0o600);
    renameSync(draft, file);
  } finally {
    rmSync(draft, { force: true });
  }
  return file;
}

/** The profile with this name. Throws a `UsageError` with the names that exist. */
export function findProfile(name: string, { profiles }: Profiles): Profile {
  const profile = Object.hasOwn(profiles, name) ? profiles[name] : undefined;
  if (profile) return profile;
  const names = Object.keys(profiles).join(", ");
  throw new UsageError(
    `There is no profile "${name}". ${names ? `Available profiles: ${names}.` : "Run `treadle login` to create one."}`,
  );
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR"))
      return undefined;
    throw new UsageError(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isText = (value: unknown) => value === undefined || typeof value === "string";

function isProfiles(value: unknown): value is Profiles {
  if (!isObject(value) || !isText(value.current) || !isObject(value.profiles)) return false;
  return Object.values(value.profiles).every(
    (profile) => isObject(profile) && typeof profile.url === "string" && isText(profile.key) && isText(profile.project),
  );
}
