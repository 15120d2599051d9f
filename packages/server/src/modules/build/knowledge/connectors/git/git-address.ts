import { AppError } from "../../../../../kernel/errors.ts";

const refused = (param: string, message: string) => new AppError("unprocessable", { message, details: { param } });

/** The address of a repository. Throws `unprocessable` for other schemes, and for names that git could read as options. */
export function checkRepository(repository: string, schemes: readonly string[]): URL {
  const isSsh = /^(?:ssh|git\+ssh):/i.test(repository) || /^[^/:]+@[^/:]+:/.test(repository);
  if (isSsh)
    throw refused(
      "repository",
      "Repositories are read over https, not over SSH. Use the https address, and a token if it is private.",
    );
  const url = URL.canParse(repository) ? new URL(repository) : null;
  if (!url || !schemes.includes(url.protocol.slice(0, -1)))
    throw refused("repository", "The address of the repository must begin with https://.");
  if (url.username || url.password)
    throw refused("repository", "The address contains a user name or a password. Send the token as `token` instead.");
  return url;
}

/** A branch or a tag by the rules of git, which forbid a leading `-`. */
export function checkBranch(branch: string): void {
  const isName = /^(?![-/.])[\w./@+-]{1,250}$/.test(branch) && !branch.includes("..") && !branch.endsWith(".lock");
  if (!isName) throw refused("branch", `"${branch}" is not the name of a branch or a tag.`);
}

/** A folder of a repository without a slash on either side. */
export function cleanSubfolder(subfolder: string | undefined): string {
  const parts = (subfolder ?? "").split("/").filter((part) => part !== "" && part !== ".");
  if (parts.includes("..")) throw refused("subfolder", "The folder contains `..`. Write its path from the root.");
  return parts.join("/");
}
