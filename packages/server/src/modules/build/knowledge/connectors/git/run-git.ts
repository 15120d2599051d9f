import { AppError } from "../../../../../kernel/errors.ts";
import type { ConnectorDeps } from "../shared/port.ts";

/** The largest pack, and the largest file that is read, in blocks of 512 bytes. */
export const MOST_BLOCKS = (4 * 1024 * 1024 * 1024) / 512;
/** Of the shell: limits the size of a written file, and runs the rest. */
const LIMITED = 'ulimit -f "$1"; shift; exec "$@"';
const WRITTEN = 'ulimit -f "$1"; out="$2"; shift 2; exec "$@" > "$out"';

export type GitPlace = {
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly config?: readonly (readonly [key: string, value: string])[];
};

const HARDENED = [
  ["core.hooksPath", "/dev/null"],
  ["core.symlinks", "false"],
  ["core.fsmonitor", "false"],
  ["credential.helper", ""],
  ["http.proxyAuthMethod", "basic"],
  ["http.followRedirects", "false"],
  ["protocol.allow", "never"],
  ["submodule.recurse", "false"],
  ["transfer.fsckObjects", "false"],
  ["gc.auto", "0"],
] as const;

/**
 * What git sees of the environment: no configuration of the machine or of a user, no prompts, no other protocol. Secrets are
 * configuration in the environment, because other users can read arguments.
 */
export function gitEnvironment({ path, gitSchemes }: Pick<ConnectorDeps, "path" | "gitSchemes">, place: GitPlace) {
  const allowed = gitSchemes.map((scheme) => [`protocol.${scheme}.allow`, "always"] as const);
  const config = [...HARDENED, ...allowed, ...(place.config ?? [])];
  return {
    PATH: path,
    HOME: place.folder,
    LC_ALL: "C",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_CONFIG_SYSTEM: "/dev/null",
    GIT_ATTR_NOSYSTEM: "1",
    GIT_TERMINAL_PROMPT: "0",
    GIT_ASKPASS: "true",
    GIT_SSH_COMMAND: "false",
    GIT_ALLOW_PROTOCOL: gitSchemes.join(":"),
    GIT_PROTOCOL_FROM_USER: "0",
    GIT_LFS_SKIP_SMUDGE: "1",
    GIT_OPTIONAL_LOCKS: "0",
    GIT_CONFIG_COUNT: String(config.length),
    ...Object.fromEntries(
      config.flatMap(([key, value], index) => [
        [`GIT_CONFIG_KEY_${index}`, key],
        [`GIT_CONFIG_VALUE_${index}`, value],
      ]),
    ),
  };
}

type Run = { readonly args: readonly string[]; readonly timeoutMs: number };
type Deps = Pick<ConnectorDeps, "path" | "gitSchemes" | "runProgram">;

/** Runs git to its end. */
export const runGit = (deps: Deps, place: GitPlace, { args, timeoutMs }: Run) =>
  deps.runProgram(
    {
      folder: place.folder,
      command: ["/bin/sh", "-c", LIMITED, "sh", String(MOST_BLOCKS), "git", ...args],
      environment: gitEnvironment(deps, place),
    },
    { signal: place.signal, timeoutMs },
  );

/** The same, and writes what it prints to a file of at most `maxBytes`. */
export const writeGit = (
  deps: Deps,
  place: GitPlace,
  run: Run & { readonly file: string; readonly maxBytes: number },
) =>
  deps.runProgram(
    {
      folder: place.folder,
      command: ["/bin/sh", "-c", WRITTEN, "sh", String(Math.ceil(run.maxBytes / 512)), run.file, "git", ...run.args],
      environment: gitEnvironment(deps, place),
    },
    { signal: place.signal, timeoutMs: run.timeoutMs },
  );

/** Throws `unprocessable` if there is no git on the server's machine. */
export async function requireGit({ path, runProgram }: Deps, { folder, signal }: GitPlace): Promise<void> {
  const command = ["git", "--version"] as const;
  await runProgram({ folder, command, environment: { PATH: path } }, { signal, timeoutMs: 30_000 }).catch((cause) => {
    signal.throwIfAborted();
    throw new AppError("unprocessable", {
      message: "The server's machine has no program `git`. Install it, and start the sync again.",
      cause,
    });
  });
}
