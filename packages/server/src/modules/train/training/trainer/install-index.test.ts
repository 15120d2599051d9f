import { execFile, spawnSync } from "node:child_process";
import { readdir, readFile, stat } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type OpenTraining, openTraining, scope } from "../testing/open-training.ts";
import { REQUIREMENTS } from "./trainer-command.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });
const WRITE = join(import.meta.dirname, "../testing/write-package-index.py");
const CODE = "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))";
const hasPython = spawnSync("python3", ["-c", CODE]).status === 0;
const isWanted = hasPython && process.platform === "linux" && process.arch === "x64";

/** Real pip against a server of this machine that speaks the protocol of package indexes. */
describe.runIf(isWanted)("with real pip and an index of packages", () => {
  let open: OpenTraining;
  let server: Server;
  let asked: string[] = [];
  let url = "";
  beforeAll(async () => {
    open = await openTraining();
    const packages = join(open.folder, "packages");
    await promisify(execFile)("python3", [WRITE, REQUIREMENTS.training, packages]);
    server = createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      void answer(packages, request.url ?? "/").then(([status, type, body]) => {
        response.writeHead(status, { "content-type": type, "content-length": body.length });
        response.end(request.method === "HEAD" ? undefined : body);
      });
    }).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    server?.close();
    await open?.close();
  });

  /** `/cpu/torch/` lists the files of a package as links; below it are the files. */
  async function answer(folder: string, path: string): Promise<[number, string, Buffer]> {
    const at = join(folder, decodeURIComponent(path).replaceAll(/\.\.+/g, ""));
    const stats = await stat(at).catch(() => null);
    if (!stats) return [404, "text/plain", Buffer.from("not found")];
    if (stats.isFile()) return [200, "application/octet-stream", await readFile(at)];
    const wheels = (await readdir(at)).filter((name) => name.endsWith(".whl"));
    const links = wheels.map((name) => `<a href="${encodeURIComponent(name)}" data-core-metadata="true">${name}</a>`);
    return [200, "text/html", Buffer.from(`<!DOCTYPE html><html><body>${links.join("\n")}</body></html>`)];
  }

  async function reopen(torchIndex: string): Promise<void> {
    asked = [];
    const toolEnvironment = {
      PATH: process.env.PATH,
      PIP_INDEX_URL: `${url}/usual`,
      PIP_NO_CACHE_DIR: "1",
      PIP_CONFIG_FILE: "/dev/null",
      PIP_DEFAULT_TIMEOUT: "20",
      PIP_RETRIES: "0",
    };
    await open.reopen({ pythonPath: null, toolEnvironment, torchIndex, hasGpu: async () => false });
  }

  async function ended(kind: string) {
    for (;;) {
      const [job] = (await open.jobs.list(scope, { kind, limit: 1 })).items;
      if (job && job.status !== "queued" && job.status !== "running") return job;
      await delay(50);
    }
  }

  const signal = new AbortController().signal;
  const downloads = () => asked.filter((line) => line.startsWith("GET") && line.endsWith(".whl"));

  test("the packages and their sizes are shown before a byte of them is downloaded", async () => {
    await reopen(`${url}/cpu`);
    await open.training.trainer.plan(scope, signal);
    expect((await ended("trainer-plan")).error).toBeNull();
    const { plan } = await open.training.trainer.get(scope, { probe: false, signal });
    expect(plan).toMatchObject({ torch: "cpu", note: "" });
    const torch = plan?.packages.find(({ name }) => name === "torch");
    expect(torch?.version).toMatch(/\+cpu$/);
    expect(torch?.bytes).toBeGreaterThan(200_000);
    expect(plan?.packages.some(({ name }) => name === "graphics-library")).toBe(false);
    expect(plan?.packages.every(({ bytes }) => bytes !== null)).toBe(true);
    expect(plan?.packages.length).toBeGreaterThan(40);
  });

  test("on a machine without a graphics card the CPU build is installed, and no library for such cards", async () => {
    await reopen(`${url}/cpu`);
    await open.training.trainer.install(scope, signal);
    const job = await ended("trainer-install");
    expect(job).toMatchObject({ status: "done", error: null, result: { torch: "cpu", note: "" } });
    expect(job.progress.total).toBeGreaterThan(200_000);
    const torch = downloads().filter((line) => /\/torch-/.test(line));
    expect(torch.length).toBeGreaterThan(0);
    expect(torch.every((line) => line.startsWith("GET /cpu/"))).toBe(true);
    expect(downloads().some((line) => line.includes("graphics"))).toBe(false);
    // The index of the CPU build is used only for that package.
    expect(asked.filter((line) => / \/cpu\//.test(line)).every((line) => line.includes("/cpu/torch/"))).toBe(true);
  });

  test("when the index of the CPU build cannot be reached, the usual build is installed and the reason is shown", async () => {
    await reopen("http://127.0.0.1:9/whl/cpu");
    await open.training.trainer.install(scope, signal);
    expect(await ended("trainer-install")).toMatchObject({ status: "done", result: { torch: "usual" } });
    expect(downloads().some((line) => line.includes("graphics"))).toBe(true);
    const { message } = await open.training.trainer.get(scope, { probe: false, signal });
    expect(message).toMatch(
      /cannot be downloaded from http:\/\/127\.0\.0\.1:9\/whl\/cpu: .+ The larger standard build/,
    );
  });
});
