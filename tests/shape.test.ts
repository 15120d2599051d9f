import { readdirSync } from "node:fs";
import { join } from "node:path";
import { api, ERRORS, type Route } from "@treadle/contract";
import { describe, expect, test } from "vitest";
import { MODULE_ORDER } from "../.dependency-cruiser.mjs";
import { missingEntries } from "../scripts/fix-lock.mjs";
import { functionSizes, SHAPE_RULES } from "./setup/shape-rules.ts";
import { lineCount, listFiles, readSource, root } from "./setup/sources.ts";

const files = listFiles();
const product = files.filter(
  (path) => /^packages\/[^/]+\/src\/.*\.(ts|tsx)$/.test(path) && !/\.test\.tsx?$|\/testing\/|\.d\.ts$/.test(path),
);

describe.each(SHAPE_RULES)("$name", ({ isAbout, find, offence }) => {
  test("holds everywhere", () => {
    const found = files.filter(isAbout).flatMap((path) => find(readSource(path)).map((what) => `${path}: ${what}`));
    expect(found).toEqual([]);
  });

  test("is seen to be broken", () => {
    expect(isAbout(offence.path)).toBe(true);
    expect(find(offence)).not.toEqual([]);
  });
});

describe("the server's modules", () => {
  const modules = readdirSync(join(root, "packages/server/src/modules"));

  test("each has an index and a place in the order", () => {
    expect(modules.sort()).toEqual([...MODULE_ORDER].sort());
    expect(modules.filter((name) => !files.includes(`packages/server/src/modules/${name}/index.ts`))).toEqual([]);
  });
});

describe("the contract", () => {
  const routes = Object.entries<Route>(api);

  test("every endpoint has a summary and a permission, and a name of its own", () => {
    expect(routes.filter(([, route]) => !route.summary || !route.permission).map(([endpoint]) => endpoint)).toEqual([]);
    expect(new Set(routes.map(([, { name }]) => name)).size).toBe(routes.length);
  });

  test("every error code is thrown somewhere in the server", () => {
    const texts = product
      .filter((path) => path.startsWith("packages/server/src/"))
      .map((path) => readSource(path).text);
    expect(unthrown(texts)).toEqual([]);
    expect(unthrown(['new AppError("conflict")'])).toContain("not_found");
  });

  const unthrown = (texts: string[]) =>
    Object.keys(ERRORS).filter((code) => !texts.some((text) => text.includes(`"${code}"`)));
});

describe("migrations", () => {
  test.each(["postgres", "columnar"])("those of %s are numbered without a gap", (engine) => {
    const names = readdirSync(join(root, "packages/server/src/platform", engine, "migrations")).filter((name) =>
      name.endsWith(".sql"),
    );
    expect(names.length).toBeGreaterThan(0);
    names.sort().forEach((name, place) => {
      expect(name).toMatch(new RegExp(`^${String(place + 1).padStart(4, "0")}-[a-z0-9-]+\\.sql$`));
    });
  });
});

describe("the lock file", () => {
  test("names every optional build, so that `npm ci` takes it on any platform", () => {
    expect(missingEntries(JSON.parse(readSource("package-lock.json").text))).toEqual({});
  });

  test("a build that is left out is seen and given an entry", () => {
    const lock = {
      packages: { "node_modules/a": { optionalDependencies: { "@a/linux-arm64-gnu": "1.0.0" }, license: "MIT" } },
    };
    expect(missingEntries(lock)).toEqual({
      "node_modules/@a/linux-arm64-gnu": {
        version: "1.0.0",
        cpu: ["arm64"],
        libc: ["glibc"],
        license: "MIT",
        optional: true,
        os: ["linux"],
      },
    });
  });

  test("names no registry", () => {
    expect(readSource("package-lock.json").text).not.toMatch(/"resolved": "https?:/);
  });
});

test("sizes are near what we aim for", () => {
  const lines = product.map((path) => lineCount(readSource(path).text));
  const functions = product.flatMap((path) => functionSizes(readSource(path)));
  const [file, fn] = [lines, functions].map((sizes) => ({
    median: quantile(sizes, 0.5),
    most: quantile(sizes, 0.9),
    largest: quantile(sizes, 1),
  }));
  console.log(
    `lines of a file: ${JSON.stringify(file)} (aim 60 and 200), of a function: ${JSON.stringify(fn)} (aim 8 and 30)`,
  );
  expect(file?.median).toBeLessThanOrEqual(100);
  expect(file?.most).toBeLessThanOrEqual(250);
  expect(fn?.most).toBeLessThanOrEqual(40);
});

/** The value below which `share` of the numbers lie. */
function quantile(numbers: number[], share: number): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}
