// Installs the clients for the compatibility tests: npm packages from their lock files, and Python packages in virtual environments.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";

/**
 * Clients of the gateway, instrumentations that send spans, MLflow's client, and tools that read the API description.
 * They need different versions of the same packages.
 */
const FOLDERS = ["", "otlp", "mlflow", "openapi"].map((name) => join(import.meta.dirname, name));

const hash = (path) => createHash("sha256").update(readFileSync(path)).digest("hex");

function run(cwd, [command, ...args]) {
  const result = spawnSync(command, args, { cwd, stdio: "inherit" });
  if (result.status !== 0) throw new Error(`"${command} ${args.join(" ")}" failed; the compatibility tests need it`);
}

/** Runs `install` unless the folder was already made from this file. */
function once({ folder, from }, install) {
  const stamp = join(folder, ".made-from");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === hash(from)) return;
  rmSync(folder, { recursive: true, force: true });
  install();
  writeFileSync(stamp, hash(from));
}

/** A folder that outlives this clone. Python environments take minutes to install, so CI stores them there. */
const cache = process.env.TREADLE_TEST_CACHE;

/** Returns the environment of a folder: in the folder, or in the cache with a link to it. Removes its older environments from the cache. */
function environmentOf(here) {
  const link = join(here, ".venv");
  if (!cache) return link;
  const prefix = `compat-${basename(here)}-`;
  const name = prefix + hash(join(here, "requirements.txt")).slice(0, 16);
  mkdirSync(cache, { recursive: true });
  for (const other of readdirSync(cache).filter((found) => found.startsWith(prefix) && found !== name))
    rmSync(join(cache, other), { recursive: true, force: true });
  rmSync(link, { recursive: true, force: true });
  symlinkSync(join(cache, name), link);
  return join(cache, name);
}

const hasPython = spawnSync("python3", ["-c", "import venv, ensurepip"]).status === 0;
if (!hasPython && process.env.CI) throw new Error("python3 with its venv module is needed (Debian: python3-venv)");
if (!hasPython) console.log("No python3 with venv here: the Python clients are left out of the tests");

for (const here of FOLDERS) {
  const lock = join(here, "package-lock.json");
  if (existsSync(lock))
    once({ folder: join(here, "node_modules"), from: lock }, () => {
      console.log("Installing npm clients of the compatibility tests");
      run(here, ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"]);
    });
  if (!hasPython) continue;
  const folder = environmentOf(here);
  once({ folder, from: join(here, "requirements.txt") }, () => {
    console.log("Installing Python clients of the compatibility tests");
    run(here, ["python3", "-m", "venv", folder]);
    const quiet = ["--quiet", "--disable-pip-version-check"];
    run(here, [join(here, ".venv/bin/pip"), "install", ...quiet, "-r", "requirements.txt"]);
  });
}
