import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { runTreadle } from "./testing/run-treadle.ts";

test.each([
  "serve",
  "pull",
  "doctor",
  "chat",
  "dataset import",
  "dataset export",
  "dataset diff",
  "dataset generate",
  "job list",
  "dataset-version list",
  "version",
])("%s explains itself and can speak JSON", async (command) => {
  const { code, stdout } = await runTreadle([...command.split(" "), "--help"]);
  expect(stdout).toContain(`Usage: treadle ${command}`);
  expect(stdout).toContain("--json");
  expect(code).toBe(0);
});

test("an unknown command is refused with a hint", async () => {
  const { code, stderr } = await runTreadle(["fly"]);
  expect(stderr).toContain("unknown command 'fly'");
  expect(stderr).toContain("treadle --help");
  expect(code).toBe(64);
});

test("an address that is none is named, with where it came from", async () => {
  for (const [args, env, name] of [
    [["--url", "localhost"], {}, "--url"],
    [[], { TREADLE_URL: "127.0.0.1:4747" }, "TREADLE_URL"],
  ] as const) {
    const { code, stderr } = await runTreadle(["chat", "Hello", ...args], { env });
    expect(stderr).toMatch(new RegExp(`\\(${name}\\) is not the address of a server. Write one such as http`));
    expect(code).toBe(64);
  }
});

test("the version is the same by flag, by command and as JSON", async () => {
  const { version, node } = (await runTreadle(["version", "--json"])).json();
  expect((await runTreadle(["--version"])).stdout.trim()).toBe(version);
  expect((await runTreadle(["version"])).stdout).toContain(`treadle ${version} (Node ${node}`);
});

test("a start loads no contract, no server, and no YAML: they load with the command that takes them", () => {
  const files = new Set<string>();
  const packages = new Set<string>();
  const visit = (file: string) => {
    if (files.has(file)) return;
    files.add(file);
    for (const [, name = ""] of readFileSync(file, "utf8").matchAll(
      /^(?:import|export) (?!type )[^;]*? from "([^"]+)";/gms,
    ))
      if (name.startsWith(".")) visit(join(dirname(file), name));
      else if (!name.startsWith("node:")) packages.add(name);
  };
  visit(fileURLToPath(new URL("main.ts", import.meta.url)));
  expect([...packages].sort()).toEqual(["@treadle/sdk", "commander"]);
  expect(files.size).toBeLessThan(45);
});

test("the program can be started as a file", () => {
  const binary = fileURLToPath(new URL("../bin/treadle.mjs", import.meta.url));
  expect(execFileSync(binary, ["--version"], { encoding: "utf8" })).toMatch(/^\d+\.\d+\.\d+\n$/);
});
