// Installs the clients that the compatibility tests use: npm packages from their own lock, and Python's openai in a virtual environment.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const here = import.meta.dirname;
const hash = (name) =>
  createHash("sha256")
    .update(readFileSync(join(here, name)))
    .digest("hex");

function run(command, args) {
  const result = spawnSync(command, args, { cwd: here, stdio: "inherit" });
  if (result.status !== 0) throw new Error(`"${command} ${args.join(" ")}" failed; the compatibility tests need it`);
}

/** Runs `install` unless the folder was made from exactly this file before. */
function once({ folder, from }, install) {
  const stamp = join(here, folder, ".made-from");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === hash(from)) return;
  rmSync(join(here, folder), { recursive: true, force: true });
  install();
  writeFileSync(stamp, hash(from));
}

once({ folder: "node_modules", from: "package-lock.json" }, () => {
  console.log("Installing the npm clients of the compatibility tests");
  run("npm", ["ci", "--no-audit", "--no-fund", "--ignore-scripts"]);
});

const hasPython = spawnSync("python3", ["-c", "import venv, ensurepip"]).status === 0;
if (!hasPython && process.env.CI) throw new Error("python3 with its venv module is needed (Debian: python3-venv)");
if (!hasPython) console.log("No python3 with venv here: the Python client is left out of the tests");
if (hasPython) {
  once({ folder: ".venv", from: "requirements.txt" }, () => {
    console.log("Installing the Python client of the compatibility tests");
    run("python3", ["-m", "venv", ".venv"]);
    run(join(here, ".venv/bin/pip"), ["install", "--quiet", "--disable-pip-version-check", "-r", "requirements.txt"]);
  });
}
