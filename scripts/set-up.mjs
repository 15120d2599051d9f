// Everything between a clone and a program that can run. Plain Node 18, no dependency: nothing is installed yet.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { say, stop } from "./say.mjs";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
/** The Node 24 that the lock file pins; every program of the repository runs on it. */
export const node24 = join(root, "node_modules", "node", "bin", "node");

const OLDEST_NODE = 18;
const INSTALL_STAMP = join(root, "node_modules", ".treadle-installed");
const WEB = join(root, "packages", "web");
const SERVER = join(root, "packages", "server");
/** The program that `buildServer` makes. */
export const serverProgram = join(SERVER, "dist", "main.mjs");
/** What the built web app is made from. */
const WEB_SOURCES = ["packages/web", "packages/contract/src", "packages/sdk/src", "package-lock.json"];
const SERVER_SOURCES = [
  "scripts/build-server.mjs",
  "packages/server/src",
  "packages/contract/src",
  "packages/guards/src",
  "packages/metrics/src",
  "packages/retrieval/src",
  "packages/sdk/src",
  "package-lock.json",
];
const NOT_SOURCES = new Set(["dist", "node_modules"]);

/** Refuses a Node that cannot even run the set-up. */
export function checkNode() {
  const major = Number(process.versions.node.split(".")[0]);
  if (major < OLDEST_NODE)
    stop(
      `this is Node ${process.versions.node}, and the set-up needs Node ${OLDEST_NODE} or newer. Install one from nodejs.org or your package manager.`,
    );
}

/**
 * Installs what the lock file names, unless that has been done.
 * @param {"production" | "everything"} extent whether the tools that only checks and tests use are wanted too
 */
export function install(extent) {
  if (isInstalled(extent)) return;

  say(extent === "production" ? "installing what it runs on" : "installing what it runs on and is tested with");
  say("this takes a minute or two, once for each change of package-lock.json");
  const startedAt = Date.now();
  const args = [
    "ci",
    extent === "production" ? "--omit=dev" : "--include=dev",
    "--no-audit",
    "--no-fund",
    "--loglevel=error",
  ];
  const npm = spawnSync("npm", args, { cwd: root, stdio: "inherit", env: npmEnvironment() });
  if (npm.error) stop(`npm could not be started (${npm.error.message}). It comes with Node; put it on the PATH.`);
  if (npm.status !== 0)
    stop(
      "the packages could not be installed; npm's own message is above. Check that this machine reaches the registry that npm uses (`npm ping` says so) and has about 2 GB of free disk, then start again.",
    );
  if (!existsSync(node24))
    stop(
      "the packages are installed, but Node 24 is not among them: its install script did not run. `npm config get ignore-scripts` must say false.",
    );
  writeFileSync(INSTALL_STAMP, installMark(extent));
  say(`installed in ${seconds(startedAt)}`);
}

const installMark = (extent) => `${extent} ${hash(readFileSync(join(root, "package-lock.json")))}`;

/**
 * Whether this set-up has installed exactly this lock file, or else whether all packages are installed. npm writes its
 * list of installed packages last, also when a person ran it.
 */
function isInstalled(extent) {
  if (!existsSync(node24)) return false;
  const mark = existsSync(INSTALL_STAMP) ? readFileSync(INSTALL_STAMP, "utf8") : "";
  if (mark === installMark("everything") || mark === installMark(extent)) return true;
  const wanted = readJson(join(root, "package-lock.json")).packages ?? {};
  const present = readJson(join(root, "node_modules", ".package-lock.json")).packages ?? {};
  return Object.entries(wanted).every(([path, { version, dev, optional }]) => {
    if (path === "" || optional || (dev && extent === "production")) return true;
    return present[path]?.version === version;
  });
}

/** Builds the web app, unless the existing build is from exactly these sources. */
export function buildWeb() {
  if (!existsSync(join(WEB, "index.html"))) return;
  const vite = join(root, "node_modules", "vite", "bin", "vite.js");
  build({ name: "web app", folder: WEB, sources: WEB_SOURCES, args: [vite, "build", "--logLevel", "warn"] });
}

/** Builds the server, unless the existing build is from exactly these sources. */
export function buildServer() {
  build({ name: "server", folder: SERVER, sources: SERVER_SOURCES, args: [join(root, "scripts", "build-server.mjs")] });
}

function build({ name, folder, sources, args }) {
  const stamp = join(folder, "dist", ".treadle-built");
  const mark = hash(root, ...sources.flatMap((path) => contentsBelow(join(root, path))));
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === mark) return;

  say(`building the ${name}`);
  const startedAt = Date.now();
  if (spawnSync(node24, args, { cwd: folder, stdio: "inherit" }).status !== 0)
    stop(`the ${name} could not be built; the message is above.`);
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, mark);
  say(`built in ${seconds(startedAt)}`);
}

/** npm's settings of the outer `npm start` would reach the inner `npm ci` as environment, an outer --omit or --workspace with them. */
function npmEnvironment() {
  const passed = Object.entries(process.env).filter(
    ([name]) => !/^npm_config_(omit|include|workspace|workspaces|dry_run|global)$/i.test(name),
  );
  return Object.fromEntries(passed);
}

function contentsBelow(path) {
  if (NOT_SOURCES.has(path.split("/").at(-1))) return [];
  let entries;
  try {
    entries = readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return [path, readFileSync(path)];
  }
  return entries.flatMap((entry) => contentsBelow(join(path, entry.name)));
}

function hash(...parts) {
  const sha256 = createHash("sha256");
  for (const part of parts) sha256.update(part).update("\0");
  return sha256.digest("hex");
}

function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return {};
  }
}

const seconds = (startedAt) => `${((Date.now() - startedAt) / 1000).toFixed(1)} s`;
