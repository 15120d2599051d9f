import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MAX_DOCUMENT_BYTES } from "@treadle/contract";
import { AppError } from "../../../../../kernel/errors.ts";
import type { SourceSettings } from "../../stores/source-settings.ts";
import type { Connector, ConnectorDeps, Entry, Listing, SourceConfig } from "../shared/port.ts";
import { requireSetting, tooLarge } from "../shared/settings.ts";
import { explainGit } from "./explain-git.ts";
import { checkBranch, checkRepository, cleanSubfolder } from "./git-address.ts";
import { openGuardedProxy } from "./guarded-proxy.ts";
import { type GitPlace, requireGit, runGit, writeGit } from "./run-git.ts";

const CLONE_MS = 15 * 60_000;
const READ_MS = 120_000;
const LFS_POINTER = "version https://git-lfs.github.com/spec/";

/** The files of a branch of a repository, which is cloned without its history. */
export const gitConnector: Connector = {
  async check(deps, settings) {
    const { protocol, href } = addressOf(deps, settings);
    if (protocol !== "file:") await deps.outbound.checkUrl(href);
  },
  placeOf: ({ repository = "" }) => (URL.canParse(repository) ? new URL(repository).origin : repository),
  open(deps, config) {
    let folder: string | null = null;
    const folderOf = async () => {
      folder ??= await mkdtemp(join(tmpdir(), "treadle-git-"));
      return folder;
    };
    return {
      async *list(listing) {
        const place = { folder: await folderOf(), signal: listing.signal };
        await clone(deps, config, place);
        yield* listFiles(deps, { config, place, listing });
      },
      read: async (entry, signal) => readBlob(deps, { folder: await folderOf(), signal }, entry),
      async close() {
        if (folder !== null) await rm(folder, { recursive: true, force: true });
      },
    };
  },
};

/** Throws for settings that git must not see. */
function addressOf({ gitSchemes }: Pick<ConnectorDeps, "gitSchemes">, settings: SourceSettings): URL {
  if (settings.branch !== undefined) checkBranch(settings.branch);
  cleanSubfolder(settings.subfolder);
  return checkRepository(requireSetting("repository", settings.repository), gitSchemes);
}

const REPOSITORY = "repository.git";

async function clone(deps: ConnectorDeps, { settings, secret }: SourceConfig, place: GitPlace): Promise<void> {
  const { href, origin } = addressOf(deps, settings);
  await requireGit(deps, place);
  // A retried listing begins again.
  await rm(join(place.folder, REPOSITORY), { recursive: true, force: true });
  const proxy = await openGuardedProxy(deps.outbound);
  const basic = secret === null ? null : Buffer.from(`x-access-token:${secret}`).toString("base64");
  const config = [
    ["http.proxy", proxy.url] as const,
    ...(basic === null ? [] : [[`http.${origin}/.extraHeader`, `Authorization: Basic ${basic}`] as const]),
  ];
  const branch = settings.branch === undefined ? [] : [`--branch=${settings.branch}`];
  const options = ["--quiet", "--bare", "--depth=1", "--single-branch", "--no-tags", "--template=", ...branch];
  try {
    const args = ["clone", ...options, "--", href, REPOSITORY];
    const { exitCode, stderr } = await runGit(deps, { ...place, config }, { args, timeoutMs: CLONE_MS });
    if (exitCode !== 0) throw explainGit(stderr, proxy.refusals);
  } finally {
    await proxy.close();
  }
}

type FileListing = { readonly config: SourceConfig; readonly place: GitPlace; readonly listing: Listing };

async function* listFiles(deps: ConnectorDeps, { config, place, listing }: FileListing): AsyncIterable<Entry> {
  const subfolder = cleanSubfolder(config.settings.subfolder);
  const tree = subfolder === "" ? "HEAD" : `HEAD:${subfolder}`;
  const args = [`--git-dir=${REPOSITORY}`, "ls-tree", "-r", "-l", "-z", "--full-tree", "--end-of-options", tree];
  const { exitCode, stdout, stderr } = await runGit(deps, place, { args, timeoutMs: READ_MS });
  if (exitCode !== 0)
    throw subfolder === ""
      ? explainGit(stderr, [])
      : new AppError("unprocessable", { message: `The branch has no folder "${subfolder}". Check the folder.` });
  for (const row of stdout.split("\0")) {
    const [, mode, hash = "", size, path = ""] = /^(\d+) \w+ ([0-9a-f]+) +(\d+|-)\t([\s\S]+)$/.exec(row) ?? [];
    // Links and submodules have no bytes here.
    if (!mode?.startsWith("100") || !listing.selects(path)) continue;
    yield { path, mark: hash, ...(Number(size) > MAX_DOCUMENT_BYTES && { failure: tooLarge().message }) };
  }
}

async function readBlob(deps: ConnectorDeps, place: GitPlace, { mark }: Entry): Promise<Uint8Array> {
  const file = join(place.folder, "blob");
  const args = [`--git-dir=${REPOSITORY}`, "cat-file", "blob", mark];
  const maxBytes = MAX_DOCUMENT_BYTES + 512;
  const { exitCode, stderr } = await writeGit(deps, place, { args, file, maxBytes, timeoutMs: READ_MS });
  if (exitCode !== 0) throw explainGit(stderr, []);
  const bytes = await readFile(file);
  if (bytes.subarray(0, LFS_POINTER.length).toString("latin1") === LFS_POINTER)
    throw new AppError("unprocessable", {
      message: "The file is stored in Git LFS, which is not read. Upload it, or leave it out by a pattern.",
    });
  return bytes;
}
