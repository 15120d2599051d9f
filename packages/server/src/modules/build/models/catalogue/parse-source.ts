import { isAbsolute } from "node:path";
import { AppError } from "../../../../kernel/errors.ts";
import { CATALOGUE, type CatalogueModel, type HubFile } from "./catalogue.ts";

/** The parsed source of a pull. */
export type PullRequest =
  | { readonly kind: "catalogue"; readonly modelId: string; readonly entry: CatalogueModel }
  | { readonly kind: "hub"; readonly modelId: string; readonly hub: HubFile }
  | { readonly kind: "file"; readonly modelId: string; readonly path: string };

const HUB_FORM = /^hf:([\w.-]{1,96}\/[\w.-]{1,96})\/((?:[\w.+-]+\/)*[\w.+-]+\.gguf)(?:@([\w./-]{1,100}))?$/i;

/** Reads a catalogue name, `hf:owner/repo/file.gguf[@revision]`, or the whole path of a file on the server's machine. */
export function parsePullSource(source: string): PullRequest {
  const entry = CATALOGUE.find((one) => one.id === source);
  if (entry) return { kind: "catalogue", modelId: entry.id, entry };
  if (source.startsWith("hf:")) return parseHub(source);
  if (isAbsolute(source)) return { kind: "file", modelId: modelIdOf(source), path: source };
  const names = CATALOGUE.map(({ id }) => id).join(", ");
  throw new AppError("invalid_request", {
    message: `"${source}" is not a model of the catalog (${names}), not hf:owner/repo/file.gguf, and not the full path of a file on the server's machine.`,
    details: { param: "source" },
  });
}

function parseHub(source: string): PullRequest {
  const [, repo, file, revision = "main"] = HUB_FORM.exec(source) ?? [];
  const isSafe =
    repo &&
    file &&
    ![repo, file, revision].some((part) => part.split("/").some((name) => /^\.+$/.test(name) || name === ""));
  if (!isSafe) {
    throw new AppError("invalid_request", {
      message: `"${source}" does not name a file on the hub. Write hf:owner/repo/file.gguf, followed by @revision if the file is not on main.`,
      details: { param: "source" },
    });
  }
  return { kind: "hub", modelId: modelIdOf(file), hub: { repo, file, revision } };
}

/** The file's name in the form of a model id: `Some-Model.Q4_K_M.gguf` is `some-model.q4_k_m`. */
function modelIdOf(path: string): string {
  const name = path.split(/[/\\]/).at(-1) ?? "";
  const id = name
    .toLowerCase()
    .replace(/\.gguf$/, "")
    .replace(/[^a-z0-9._-]+/g, "-")
    .replace(/^[-.]+|[-.]+$/g, "")
    .slice(0, 100);
  return id === "" ? "model" : id;
}
