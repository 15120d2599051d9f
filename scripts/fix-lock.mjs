// npm may write a lock file that `npm ci` rejects on another machine. This happens if its registry does not serve a
// package's builds for other platforms: their optional entries are then missing. This script adds them. With --check it
// only looks.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const PLATFORM = /[-/](darwin|linux|win32)-(arm64|x64)(?:-(gnu|musl))?$/;
const LIBC = { gnu: "glibc", musl: "musl" };

/**
 * The optional dependencies of a lock that it has no entry for, as the entries it lacks.
 * @param {{ packages: Record<string, { optionalDependencies?: Record<string, string>, license?: string }> }} lock
 * @returns {Record<string, object>} by the path of the entry
 */
export function missingEntries(lock) {
  const missing = {};
  for (const [path, { optionalDependencies = {}, license }] of Object.entries(lock.packages))
    for (const [name, version] of Object.entries(optionalDependencies)) {
      if (placesOf(name, path).some((place) => place in lock.packages)) continue;
      const platform = PLATFORM.exec(name);
      if (!platform)
        throw new Error(
          `${path} may use ${name}, which has no entry in the lock and no platform in its name. Run npm install again.`,
        );
      const [, os, cpu, libc] = platform;
      missing[`node_modules/${name}`] = {
        version,
        cpu: [cpu],
        ...(libc && { libc: [LIBC[libc]] }),
        license,
        optional: true,
        os: [os],
      };
    }
  return missing;
}

/** Where Node would look for `name` from `path`, nearest first. */
function placesOf(name, path) {
  const steps = path === "" ? [] : path.split("/");
  return Array.from({ length: steps.length + 1 }, (_, up) =>
    [...steps.slice(0, steps.length - up), "node_modules", name].join("/"),
  );
}

function main() {
  const file = fileURLToPath(new URL("../package-lock.json", import.meta.url));
  const lock = JSON.parse(readFileSync(file, "utf8"));
  const missing = missingEntries(lock);
  const names = Object.keys(missing);
  if (names.length === 0) return console.log("package-lock.json has an entry for every platform");
  if (process.argv.includes("--check")) {
    console.error(
      `package-lock.json lacks ${names.join(", ")}; \`npm ci\` would refuse it. Run: node scripts/fix-lock.mjs`,
    );
    process.exit(1);
  }
  const entries = Object.entries({ ...lock.packages, ...missing });
  lock.packages = Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
  console.log(`added ${names.join(", ")}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
