import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { crc32 } from "node:zlib";

const fields = (...values: readonly (readonly [bytes: 2 | 4, value: number])[]) =>
  Buffer.concat(
    values.map(([bytes, value]) => {
      const field = Buffer.alloc(bytes);
      field.writeUIntLE(value, 0, bytes);
      return field;
    }),
  );

/** The bytes of a zip archive that holds its members as they are. */
export function zipOf(members: Readonly<Record<string, Buffer>>): Buffer {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of Object.entries(members)) {
    const facts = [
      [2, 0],
      [2, 0],
      [2, 0],
      [2, 0x21],
      [4, crc32(content)],
      [4, content.length],
      [4, content.length],
      [2, name.length],
      [2, 0],
    ] as const;
    const local = Buffer.concat([fields([4, 0x04034b50], [2, 20], ...facts), Buffer.from(name), content]);
    centrals.push(
      Buffer.concat([
        fields([4, 0x02014b50], [2, 20], [2, 20], ...facts, [2, 0], [2, 0], [2, 0], [4, 0], [4, offset]),
        Buffer.from(name),
      ]),
    );
    locals.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(centrals);
  const count = centrals.length;
  const end = fields([4, 0x06054b50], [2, 0], [2, 0], [2, count], [2, count], [4, central.length], [4, offset], [2, 0]);
  return Buffer.concat([...locals, central, end]);
}

/**
 * A fake Python: `-m pip download …` copies the wheel to the folder after `-d`, and records its arguments next to it.
 * Without a wheel it fails like pip.
 */
export async function writePip(
  folder: string,
  wheel: Buffer | null,
): Promise<{ pythonPath: string; argumentsPath: string }> {
  const wheelPath = join(folder, "wheel");
  const argumentsPath = join(folder, "arguments");
  const pythonPath = join(folder, "python");
  if (wheel) await writeFile(wheelPath, wheel);
  const work = wheel
    ? `cp '${wheelPath}' "$folder/model-1.0-py3-none-any.whl"`
    : `echo "WARNING: retrying" >&2; echo "ERROR: No matching distribution found for $4" >&2; exit 1`;
  await writeFile(
    pythonPath,
    `#!/bin/sh\necho "$@" > '${argumentsPath}'\nfor last; do folder="$last"; done\n${work}\n`,
  );
  await chmod(pythonPath, 0o755);
  return { pythonPath, argumentsPath };
}
