import { isAbsolute } from "node:path";
import { AppError } from "../../../../kernel/errors.ts";

/** Where a model comes from. */
export type ModelSource =
  | { readonly kind: "hub"; readonly repo: string; readonly file: string | null; readonly revision: string }
  | { readonly kind: "local"; readonly modelId: string }
  | { readonly kind: "upload"; readonly uploadId: string }
  | { readonly kind: "path"; readonly path: string };

const HUB = /^hf:([\w.-]{1,96}\/[\w.-]{1,96})(?:\/((?:[\w.+-]+\/)*[\w.+-]+))?(?:@([\w./-]{1,100}))?$/;

/** Reads `hf:owner/repo[/file][@revision]`, `local:model`, `upload:id`, or the whole path of a file or folder of the server's machine. */
export function parseModelSource(source: string): ModelSource {
  if (source.startsWith("hf:")) return parseHub(source);
  if (source.startsWith("local:")) return { kind: "local", modelId: source.slice("local:".length) };
  if (source.startsWith("upload:")) return { kind: "upload", uploadId: source.slice("upload:".length) };
  if (isAbsolute(source)) return { kind: "path", path: source };
  throw refused(
    source,
    "is not valid. Write hf:owner/repo, local: and a pulled model, upload: and its id, or the full path of a file or folder on the server's machine",
  );
}

function parseHub(source: string): ModelSource {
  const [, repo, file = null, revision = "main"] = HUB.exec(source) ?? [];
  const parts = [repo ?? "", file ?? "x", revision].flatMap((part) => part.split("/"));
  if (!repo || parts.some((part) => part === "" || /^[.]+$/.test(part)))
    throw refused(
      source,
      "does not name a repository on the hub. Write hf:owner/repo or hf:owner/repo/file.gguf, followed by @revision if it is not on main",
    );
  return { kind: "hub", repo, file, revision };
}

const refused = (source: string, why: string) =>
  new AppError("invalid_request", { message: `"${source}" ${why}.`, details: { param: "source" } });
