/** A file with its path inside the model. */
export type ChosenFile = { readonly path: string; readonly file: File };

/** Files from a file or folder input. The folder's own name is removed, because it is not part of the model. */
export const filesOf = (list: FileList | null): ChosenFile[] =>
  [...(list ?? [])].map((file) => ({
    path: file.webkitRelativePath === "" ? file.name : withoutTop(file.webkitRelativePath),
    file,
  }));

const withoutTop = (path: string) => path.slice(path.indexOf("/") + 1);

/** Dropped files, and the files in dropped folders. The name of a single dropped folder is removed. */
export async function filesDropped(transfer: DataTransfer): Promise<ChosenFile[]> {
  const entries = [...transfer.items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  const found = (await Promise.all(entries.map((entry) => filesBelow(entry, entry.name)))).flat();
  const [first] = entries;
  return entries.length === 1 && first?.isDirectory
    ? found.map(({ path, file }) => ({ path: withoutTop(path), file }))
    : found;
}

async function filesBelow(entry: FileSystemEntry, path: string): Promise<ChosenFile[]> {
  if (entry.isFile) {
    // A file entry always returns a file.
    const { file } = entry as FileSystemFileEntry;
    return [{ path, file: await new Promise<File>((resolve, reject) => file.call(entry, resolve, reject)) }];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const found: ChosenFile[] = [];
  for (;;) {
    // A folder is read in batches of 100 entries until a batch is empty.
    const batch = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (batch.length === 0) return found;
    for (const one of batch) found.push(...(await filesBelow(one, `${path}/${one.name}`)));
  }
}

/** A key that is equal for the same set of files, so that an interrupted upload can resume. */
export const printOf = (files: readonly ChosenFile[]): string =>
  files
    .map(({ path, file }) => `${path} ${file.size} ${file.lastModified}`)
    .toSorted()
    .join("\n");
