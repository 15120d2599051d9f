const MAX_FILES = 2_000;
const MAX_PATH = 500;

export type NamedFile = { readonly path: string; readonly sizeBytes: number };
/** A file as it lies on this machine, and what it is called within the version. */
export type ScannedFile = NamedFile & { readonly at: string };

/** What is wrong with the names of files that are to become a version: those that lead outside, come twice or mean two things. */
export function badPathIn(files: readonly NamedFile[]): string | null {
  if (files.length === 0) return "There is no file. Name a folder with the files of a model.";
  if (files.length > MAX_FILES) return `There are ${files.length} files; a model has at most ${MAX_FILES}.`;
  const seen = new Set<string>();
  for (const { path } of files) {
    const why = badPath(path);
    if (why) return `The file "${path.slice(0, 120)}" ${why}.`;
    // Two names that some disks take for one would write over each other when the version is pulled.
    const key = path.normalize("NFC").toLowerCase();
    if (seen.has(key)) return `The file "${path.slice(0, 120)}" comes twice, small and capital letters not told apart.`;
    seen.add(key);
  }
  return null;
}

function badPath(path: string): string | null {
  if (path === "" || path.length > MAX_PATH)
    return `has a name of ${path.length} characters; 1 to ${MAX_PATH} are taken`;
  if (path.includes("\\") || hasControl(path)) return "has a backslash or a control character in its name";
  if (path.startsWith("/") || /^[a-z]:/i.test(path))
    return "is named by its whole path; name it within the model's folder";
  if (path.split("/").some((part) => part === "" || part === "." || part === ".."))
    return "has a name that leads out of its folder";
  return null;
}

const hasControl = (path: string) => [...path].some((character) => character < " " || character === "\x7f");
