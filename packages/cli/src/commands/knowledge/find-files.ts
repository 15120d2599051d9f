import { type Dirent, readdirSync, type Stats, statSync } from "node:fs";
import { basename, extname, join, posix } from "node:path";
import { UsageError } from "../../shared/usage-error.ts";

/** A file with its name in the knowledge base. */
export type LocalFile = { readonly path: string; readonly name: string; readonly sizeBytes: number };
export type LocalFiles = {
  readonly files: readonly LocalFile[];
  /** Files of folders that are not documents. */
  readonly ignored: number;
};

/** Formats that are not documents. They are only uploaded if their path is given. */
const NOT_DOCUMENTS: ReadonlySet<string> = new Set(
  [
    ...["png", "jpg", "jpeg", "gif", "webp", "svg", "ico", "bmp", "tif", "tiff", "heic", "psd", "ai"],
    ...["mp3", "mp4", "m4a", "wav", "ogg", "flac", "mov", "avi", "mkv", "webm"],
    ...["zip", "gz", "tgz", "bz2", "xz", "zst", "tar", "7z", "rar", "jar", "iso", "dmg"],
    ...["exe", "dll", "so", "dylib", "o", "a", "class", "pyc", "wasm", "bin", "dat", "db", "sqlite", "parquet"],
    ...["woff", "woff2", "ttf", "otf", "eot", "map", "lock"],
  ].map((name) => `.${name}`),
);
const IGNORED_FOLDERS: ReadonlySet<string> = new Set(["node_modules", "__pycache__"]);

/**
 * The files of paths, with folders and their subfolders. The name of a file is its path within the folder that was given. Hidden files,
 * links and files that are not documents are left out. Throws `UsageError` for a path that does not exist, and for two files of one name.
 */
export function findFiles(paths: readonly string[]): LocalFiles {
  const parts = paths.map((path) => {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (!stats) throw new UsageError(`There is no file or folder "${path}".`);
    return stats.isDirectory() ? readFolder(path) : { files: [fileOf(path, stats)], ignored: 0 };
  });
  const files = parts.flatMap((part) => part.files);
  refuseDuplicates(files);
  return { files, ignored: parts.reduce((sum, part) => sum + part.ignored, 0) };
}

const fileOf = (path: string, { size }: Stats): LocalFile => ({ path, name: basename(path), sizeBytes: size });

function readFolder(folder: string, prefix = ""): LocalFiles {
  const files: LocalFile[] = [];
  let ignored = 0;
  const entries = readdirSync(folder, { withFileTypes: true });
  for (const entry of entries.toSorted((one, other) => (one.name < other.name ? -1 : 1))) {
    if (entry.name.startsWith(".")) continue;
    const [path, name] = [join(folder, entry.name), posix.join(prefix, entry.name)];
    if (entry.isDirectory() && !IGNORED_FOLDERS.has(entry.name)) {
      const inside = readFolder(path, name);
      files.push(...inside.files);
      ignored += inside.ignored;
    } else if (isDocument(entry)) files.push({ path, name, sizeBytes: statSync(path).size });
    else if (entry.isFile()) ignored++;
  }
  return { files, ignored };
}

const isDocument = (entry: Dirent) => entry.isFile() && !NOT_DOCUMENTS.has(extname(entry.name).toLowerCase());

function refuseDuplicates(files: readonly LocalFile[]): void {
  const paths = new Map<string, string>();
  for (const { name, path } of files) {
    const other = paths.get(name);
    if (other === path) throw new UsageError(`"${path}" is named twice. Name it once.`);
    if (other !== undefined)
      throw new UsageError(`"${other}" and "${path}" would both be "${name}". Upload a folder that contains both.`);
    paths.set(name, path);
  }
}
