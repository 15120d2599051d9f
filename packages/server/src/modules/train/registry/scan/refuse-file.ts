/** Names that are pickles whatever is in them: reading one runs what it says. */
const PICKLES = /[.](bin|pt|pth|pkl|pickle|ckpt|joblib|npz|npy|dill|nemo|keras|h5|mar)$/i;
const ARCHIVES = /[.](zip|tar|t?gz|bz2|xz|7z|rar|zst|whl|jar)$/i;
const PROGRAMS = /[.](py|pyc|pyd|so|dll|dylib|exe|sh|bat|ps1|js|mjs|cjs|wasm)$/i;

/** Files that a trainer writes next to the weights and that are unnecessary for their use. They are never stored. */
const TRAINER_STATE =
  /(^|\/)(training_args[.]bin|optimizer[.](pt|bin)|scheduler[.]pt|scaler[.]pt|rng_state[^/]*[.]pth|trainer_state[.]json)$/;
/** Files that a repository uses only for itself. */
const CLUTTER = /(^|\/)([.]git(attributes|ignore)?|[.]DS_Store|[.]cache|Thumbs[.]db)(\/|$)/;

/** Why a file is not stored by its name; null where its name says nothing against it. */
export function refusedName(path: string): string | null {
  if (PICKLES.test(path))
    return "It is or may contain a pickle, and loading a pickle runs the code in it. Convert the weights to safetensors or GGUF.";
  if (ARCHIVES.test(path))
    return "It is an archive, and archives are not unpacked here. Unpack it and import the files.";
  if (PROGRAMS.test(path)) return "It is a program. A model must be data; code is not stored or run here.";
  return null;
}

export const isTrainerState = (path: string) => TRAINER_STATE.test(path);
export const isClutter = (path: string) => CLUTTER.test(path);

const ZIP = [0x50, 0x4b];
const begins = (bytes: Uint8Array, signature: readonly number[]) => signature.every((byte, at) => bytes[at] === byte);

/** Why a file is not stored by its first bytes, whatever it is called. */
export function refusedContent(head: Uint8Array): string | null {
  // A pickle of protocol 2 to 5 begins with its number.
  if (head[0] === 0x80 && (head[1] ?? 0) >= 2 && (head[1] ?? 0) <= 5)
    return "Its content is a pickle, and loading a pickle runs the code in it. Convert the weights to safetensors or GGUF.";
  if (begins(head, ZIP))
    return "Its content is a zip archive, the format in which PyTorch writes pickles. Convert the weights to safetensors or GGUF.";
  if (
    begins(head, [0x1f, 0x8b]) ||
    begins(head, [0x42, 0x5a, 0x68]) ||
    begins(head, [0xfd, 0x37, 0x7a, 0x58]) ||
    begins(head, [0x28, 0xb5, 0x2f, 0xfd])
  )
    return "Its content is compressed, and nothing is unpacked here. Unpack it and import the files.";
  if (begins(head, [0x7f, 0x45, 0x4c, 0x46]) || begins(head, [0x4d, 0x5a]) || begins(head, [0x23, 0x21]))
    return "Its content is a program. A model must be data; code is not stored or run here.";
  if (begins(head, [0x89, 0x48, 0x44, 0x46]))
    return "It is an HDF5 file, which may contain code. Convert the weights to safetensors or GGUF.";
  return null;
}
