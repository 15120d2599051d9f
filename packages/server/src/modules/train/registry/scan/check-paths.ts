const MAX_FILES = 2_000;
const MAX_PATH = 500;

export type NamedFile = { readonly path: string; readonly sizeBytes: number };
/** A file as it lies on this machine, and what it is called within the version. */
export type ScannedFile = NamedFile & { readonly at: string };

/** Problems with the names of a version's files: paths outside the folder, duplicates or ambiguous names. */
export function badPathIn(files: readonly NamedFile[]): string | null {
  if (files.length === 0) return "There are no files. Name a folder with the files of a model.";
  if (files.length > MAX_FILES) return `There are ${files.length} files, but a model has at most ${MAX_FILES}.`;
  const paths = new Set<string>();
  for (const { path } of files) {
    const why = badPath(path);
    if (why) return `The file "${path.slice(0, 120)}" ${why}.`;
    // Two names that some disks take for one would write over each other when the version is pulled.
    const key = path.normalize("NFC").toLowerCase();
    if (paths.has(key)) return `The file "${path.slice(0, 120)}" appears twice, ignoring upper and lower case.`;
    paths.add(key);
  }
  return null;
}

function badPath(path: string): string | null {
  if (path === "" || path.length > MAX_PATH)
    return `has a name of ${path.length} characters; 1 to ${MAX_PATH} are allowed`;
  if (path.includes("\\") || hasControl(path)) return "has a backslash or a control character in its name";
  if (path.startsWith("/") || /^[a-z]:/i.test(path))
    return "has an absolute path; use a path inside the model's folder";
  if (path.split("/").some((part) => part === "" || part === "." || part === ".."))
    return "has a path that leaves its folder";
  return null;
}

const hasControl = (path: string) => [...path].some((character) => character < " " || character === "\x7f");
