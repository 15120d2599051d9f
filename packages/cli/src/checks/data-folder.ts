import { constants, existsSync } from "node:fs";
import { access, stat, statfs } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type Check, failed, ok, warning } from "./check.ts";

const GIB = 1024 ** 3;
const LEAST_DISK = 1 * GIB;
const ROOMY_DISK = 5 * GIB;
/** The permission bits of group and others. */
const OTHERS = 0o077;

export const disk: Check = {
  name: "Disk",
  run: async ({ dataFolder }) => {
    const { bavail, bsize } = await statfs(nearestFolder(dataFolder));
    const free = bavail * bsize;
    const message = `${(free / GIB).toFixed(1)} GiB free for ${dataFolder}`;
    if (free < LEAST_DISK) return failed(message, "free some space, or set TREADLE_DATA to a folder on a larger disk");
    if (free < ROOMY_DISK)
      return warning(
        message,
        "models and traces need space; free some, or set TREADLE_DATA to a folder on a larger disk",
      );
    return ok(message);
  },
};

export const dataFolderAccess: Check = {
  name: "Data folder",
  run: async ({ dataFolder }) => {
    const folder = nearestFolder(dataFolder);
    const canWrite = await access(folder, constants.R_OK | constants.W_OK | constants.X_OK).then(
      () => true,
      () => false,
    );
    if (!canWrite)
      return failed(
        `${folder} cannot be written to`,
        `change its owner to this user (chown), or set TREADLE_DATA to a separate folder`,
      );
    if (!existsSync(dataFolder)) return ok(`${dataFolder} is created at the first start`);
    const { mode } = await stat(dataFolder);
    if (mode & OTHERS)
      return warning(`${dataFolder} can be read by other users of this machine`, `chmod 700 ${quoted(dataFolder)}`);
    const secrets = await readableSecrets(dataFolder);
    if (secrets.length > 0)
      return failed(
        `${secrets.join(", ")} can be read by other users`,
        `chmod 600 ${secrets.map((name) => quoted(join(dataFolder, name))).join(" ")}`,
      );
    return ok(dataFolder);
  },
};

/** As a shell takes it for one word. */
const quoted = (path: string) => (/^[\w/.@%+:,=-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`);

async function readableSecrets(folder: string): Promise<string[]> {
  const findings: string[] = [];
  for (const name of ["api-key", "secret.key"]) {
    const status = await stat(join(folder, name)).catch(() => undefined);
    if (status && status.mode & OTHERS) findings.push(name);
  }
  return findings;
}

/** The folder itself, or the nearest one above it that exists. */
function nearestFolder(path: string): string {
  return existsSync(path) ? path : nearestFolder(dirname(path));
}
