// Installs what the compatibility tests drive: npm packages from their own locks, and Python's packages in virtual environments.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Clients of the gateway, instrumentations that send spans, and MLflow's client: they want different versions of the same packages. */
const FOLDERS = ["", "otlp", "mlflow"].map((name) => join(import.meta.dirname, name));

const hash = (path) => createHash("sha256").update(readFileSync(path)).digest("hex");

function run(cwd, [command, ...args]) {
  const result = spawnSync(command, args, { cwd, stdio: "inherit" });
  if (result.status !== 0) throw new Error(`"${command} ${args.join(" ")}" failed; the compatibility tests need it`);
}

/** Runs `install` unless the folder was made from exactly this file before. */
function once({ folder, from }, install) {
  const stamp = join(folder, ".made-from");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === hash(from)) return;
  rmSync(folder, { recursive: true, force: true });
  install();
  writeFileSync(stamp, hash(from));
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
  once({ folder: join(here, ".venv"), from: join(here, "requirements.txt") }, () => {
    console.log("Installing Python clients of the compatibility tests");
    run(here, ["python3", "-m", "venv", ".venv"]);
    const quiet = ["--quiet", "--disable-pip-version-check"];
    run(here, [join(here, ".venv/bin/pip"), "install", ...quiet, "-r", "requirements.txt"]);
  });
}
