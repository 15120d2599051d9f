import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { ModelImportInput } from "@treadle/contract";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Scope } from "../../../../kernel/scope.ts";
import { openTestRegistry } from "../testing/open-registry.ts";
import { safetensors } from "../testing/write-safetensors.ts";

const weights = safetensors({ "a.weight": ["F32", [64, 64]] }, 3);
const sha256 = createHash("sha256").update(weights).digest("hex");
const FILES: Readonly<Record<string, Buffer>> = {
  "model.safetensors": weights,
  "config.json": Buffer.from('{"model_type":"llama"}'),
  "pytorch_model.bin": Buffer.from("a pickle"),
  "modeling.py": Buffer.from("import os"),
};
/** How the hub behaves: a connection may be cut once, and a hash may lie. */
const hub = {
  cuts: 0,
  said: sha256,
  card: null as unknown,
  asked: [] as { path: string; range: string | undefined }[],
};

/** A server that speaks the hub's protocol: a list over two pages, and files with ranges. */
const server = createServer((request, response) => {
  const url = new URL(request.url ?? "/", "http://hub");
  const names = Object.keys(FILES);
  if (url.pathname === "/api/models/org/tiny/tree/main") {
    const page = url.searchParams.get("cursor") === null ? names.slice(0, 2) : names.slice(2);
    const link = `<http://${request.headers.host}${url.pathname}?recursive=true&cursor=2>; rel="next"`;
    if (url.searchParams.get("cursor") === null) response.setHeader("link", link);
    const entries = page.map((path) => ({
      type: "file",
      path,
      size: FILES[path]?.length,
      oid: "0".repeat(40),
      ...(path === "model.safetensors" ? { lfs: { oid: hub.said, size: weights.length } } : {}),
    }));
    return response.end(JSON.stringify([{ type: "directory", path: "x" }, ...entries]));
  }
  if (url.pathname === "/api/models/org/tiny/revision/main")
    return response.end(JSON.stringify({ id: "org/tiny", cardData: hub.card }));
  const path = /^\/org\/tiny\/resolve\/main\/(.+)$/.exec(url.pathname)?.[1] ?? "";
  const content = FILES[path];
  if (!content) return response.writeHead(404).end();
  hub.asked.push({ path, range: request.headers.range });
  const start = Number(/^bytes=(\d+)-/.exec(request.headers.range ?? "")?.[1] ?? 0);
  const body = content.subarray(start);
  response.setHeader("etag", `"${path}"`);
  response.writeHead(start > 0 ? 206 : 200, {
    "content-length": body.length,
    ...(start > 0 ? { "content-range": `bytes ${start}-${content.length - 1}/${content.length}` } : {}),
  });
  if (hub.cuts > 0 && body.length > 8_000) {
    hub.cuts--;
    return response.write(body.subarray(0, 5_000), () => setTimeout(() => response.destroy(), 20));
  }
  return response.end(body);
});

let opened: Awaited<ReturnType<typeof openTestRegistry>>;
let scope: Scope;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  opened = await openTestRegistry({ hubUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
  scope = await opened.newScope();
});
afterAll(async () => {
  await opened.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const bring = async (name: string, source: string) => {
  const { jobId } = await opened.registry.imports.start(scope, ModelImportInput.parse({ name, source }));
  return opened.ended(scope, jobId);
};

describe("a repository of the hub", () => {
  test("skips pickles and programs without downloading them; an interrupted download continues", async () => {
    hub.cuts = 1;
    expect(await bring("tiny", "hf:org/tiny")).toEqual({ name: "tiny", version: 1 });
    const version = await opened.registry.versions.whole(scope, { name: "tiny", version: "1" });
    expect(version.files.map(({ path }) => path)).toEqual(["config.json", "model.safetensors"]);
    expect(version).toMatchObject({ source: "hf:org/tiny@main", format: "safetensors" });
    expect(version.files[1]?.sha256).toBe(sha256);
    const paths = hub.asked.map(({ path }) => path);
    expect(paths).not.toContain("pytorch_model.bin");
    expect(paths).not.toContain("modeling.py");
    expect(hub.asked.some(({ range }) => range === "bytes=5000-")).toBe(true);
  });

  test("whose file does not match the hub's hash is rejected, and so is a missing file", async () => {
    hub.said = "f".repeat(64);
    await expect(bring("damaged", "hf:org/tiny/model.safetensors")).rejects.toThrow("is damaged");
    hub.said = sha256;
    await expect(bring("none", "hf:org/tiny/other.gguf")).rejects.toThrow("no file other.gguf");
    await expect(bring("none", "hf:org/nobody")).rejects.toThrow("shows no repository org/nobody");
  });
});

describe("a file of the hub that says no license", () => {
  const licenseOf = async (name: string) => {
    await bring(name, "hf:org/tiny/model.safetensors");
    const { license, licenseFrom } = await opened.registry.versions.get(scope, { name, version: "1" });
    return [license, licenseFrom];
  };

  test("has the license of its repository", async () => {
    hub.card = { license: "apache-2.0" };
    expect(await licenseOf("said")).toEqual(["apache-2.0", { said: "files", base: null }]);
  });

  test("comes without one when the repository says none either", async () => {
    for (const card of [null, { license: "" }, "mit"]) {
      hub.card = card;
      expect(await licenseOf(`silent-${JSON.stringify(card).length}`)).toEqual([null, null]);
    }
  });
});

describe("MLflow's client", () => {
  test("finds models and versions by its filters, and the files at the address it is given", async () => {
    const { registry } = opened;
    await registry.moveAlias(scope, "tiny", { alias: "champion", version: "1", reason: "" });
    const asked = { max_results: 10 };
    const { registered_models } = await registry.mlflow.searchModels(scope, { ...asked, filter: "name LIKE 'ti%'" });
    expect(registered_models).toMatchObject([{ name: "tiny", aliases: [{ alias: "champion", version: "1" }] }]);
    expect((await registry.mlflow.searchModels(scope, { ...asked, filter: "name = 'ti'" })).registered_models).toEqual(
      [],
    );
    const { model_versions } = await registry.mlflow.searchVersions(scope, { ...asked, filter: "name = 'tiny'" });
    expect(model_versions).toMatchObject([
      { version: "1", current_stage: "None", status: "READY", aliases: ["champion"] },
    ]);
    expect(await registry.mlflow.downloadUri(scope, { name: "tiny", version: "1" })).toEqual({
      artifact_uri: "mlflow-artifacts:/registry/tiny/1",
    });
    expect((await registry.mlflow.listArtifacts(scope, "registry/tiny/1")).files).toEqual([
      { path: "config.json", is_dir: false, file_size: 22 },
      { path: "model.safetensors", is_dir: false, file_size: weights.length },
    ]);
    await expect(registry.mlflow.searchModels(scope, { ...asked, filter: "colour = '1'" })).rejects.toThrow(
      "not understood",
    );
  });
});
