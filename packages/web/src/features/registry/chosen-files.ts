/** A file with the place it has within the model. */
export type ChosenFile = { readonly path: string; readonly file: File };

/** Files of an input of files or of a folder. The folder's own name is left out: it is not part of the model. */
export const filesOf = (list: FileList | null): ChosenFile[] =>
  [...(list ?? [])].map((file) => ({
    path: file.webkitRelativePath === "" ? file.name : withoutTop(file.webkitRelativePath),
    file,
  }));

const withoutTop = (path: string) => path.slice(path.indexOf("/") + 1);

/** What was dropped: files, and those in a folder. A folder that comes alone is the model's own, and its name is left out. */
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
    // What is a file has a file to give.
    const { file } = entry as FileSystemFileEntry;
    return [{ path, file: await new Promise<File>((resolve, reject) => file.call(entry, resolve, reject)) }];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const found: ChosenFile[] = [];
  for (;;) {
    // A folder is read a hundred entries at a time, until none comes.
    const batch = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (batch.length === 0) return found;
    for (const one of batch) found.push(...(await filesBelow(one, `${path}/${one.name}`)));
  }
}

/** The same for the same choice of files, so that an upload that was left can go on. */
export const printOf = (files: readonly ChosenFile[]): string =>
  files
    .map(({ path, file }) => `${path} ${file.size} ${file.lastModified}`)
    .toSorted()
    .join("\n");
