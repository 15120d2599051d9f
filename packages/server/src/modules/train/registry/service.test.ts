import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ModelImportInput } from "@treadle/contract";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Scope } from "../../../kernel/scope.ts";
import { ask } from "../../../platform/inference/testing/ask.ts";
import { writeTinyAdapter } from "../../../platform/inference/testing/tiny-adapter.ts";
import { writeTinyModel } from "../../../platform/inference/testing/tiny-model.ts";
import type { TrainedVersion } from "./index.ts";
import { as, openTestRegistry } from "./testing/open-registry.ts";
import { safetensors } from "./testing/write-safetensors.ts";

let opened: Awaited<ReturnType<typeof openTestRegistry>>;
let registry: typeof opened.registry;
let scope: Scope;
let tiny = "";
let other = "";

beforeAll(async () => {
  opened = await openTestRegistry();
  registry = opened.registry;
  tiny = join(opened.folder, "tiny.gguf");
  other = join(opened.folder, "other.gguf");
  await writeTinyModel(tiny);
  await writeTinyModel(other, { seed: 5 });
});
afterAll(() => opened.close());
beforeEach(async () => {
  scope = await opened.newScope();
});

const bring = async (name: string, source: string, more: object = {}) => {
  const { jobId } = await registry.imports.start(scope, ModelImportInput.parse({ name, source, ...more }));
  return opened.ended(scope, jobId);
};
const place = (name: string, version: string | number) => ({ name, version: String(version) });
const hashOf = async (path: string) =>
  createHash("sha256")
    .update(await readFile(path))
    .digest("hex");

describe("a model that is imported", () => {
  test("is a version with its files, what its head says, and a card", async () => {
    expect(await bring("bot", tiny, { license: "mit", notes: "First." })).toEqual({ name: "bot", version: 1 });
    const version = await registry.versions.whole(scope, place("bot", "v1"));
    expect(version).toMatchObject({ format: "gguf", stage: "none", canServe: true, license: "mit", fileCount: 1 });
    expect(version.facts).toMatchObject({ architecture: "llama", quantisation: "F32", contextTokens: 2_048 });
    expect(version.files).toEqual([{ path: "tiny.gguf", sizeBytes: version.sizeBytes, sha256: await hashOf(tiny) }]);
    const card = await registry.versions.card(scope, place("bot", 1));
    for (const words of [
      "# bot v1",
      "| Architecture | llama |",
      "It was not evaluated here",
      "## License\n\nmit",
      "First.",
    ])
      expect(card).toContain(words);
  });

  test("is another version each time, and the same files are stored once", async () => {
    await bring("bot", tiny);
    const before = await opened.objects.sizeBytes();
    expect(await bring("bot", tiny, { notes: "again" })).toEqual({ name: "bot", version: 2 });
    expect(await opened.objects.sizeBytes()).toBe(before);
    const [one, two] = [
      await registry.versions.get(scope, place("bot", 1)),
      await registry.versions.get(scope, place("bot", 2)),
    ];
    expect(two.sha256).toBe(one.sha256);
  });

  test("from a folder retains its paths, and rejects pickles unless they are left out", async () => {
    const folder = join(opened.folder, "hf");
    await mkdir(join(folder, "onnx"), { recursive: true });
    await writeFile(join(folder, "model.safetensors"), safetensors({ "a.weight": ["F16", [2, 2]] }));
    await writeFile(join(folder, "config.json"), '{"model_type":"llama"}');
    await writeFile(join(folder, "pytorch_model.bin"), "x");
    await expect(bring("folder", folder)).rejects.toThrow(/pytorch_model.bin: It is or may contain a pickle/);
    await expect(registry.models.get(scope, "folder")).rejects.toMatchObject({ code: "not_found" });
    expect(await registry.imports.scan(scope, folder, new AbortController().signal)).toMatchObject({
      isSafe: false,
      format: "safetensors",
    });
    await bring("folder", folder, { leaveOut: true });
    const version = await registry.versions.whole(scope, place("folder", 1));
    expect(version.files.map(({ path }) => path)).toEqual(["config.json", "model.safetensors"]);
    expect(version).toMatchObject({ canServe: false, whyNot: expect.stringContaining("GGUF") });
    expect(await registry.baseFor(scope, "folder@v1")).toMatchObject({
      path: expect.stringContaining("bases"),
      gguf: null,
    });
  });

  test.each([
    ["a path that does not exist", "/nonexistent/x.gguf", /There is no model at/],
    ["no source at all", "bananas", /is not valid. Write hf:/],
    ["a name that leaves its folder of the hub", "hf:a/b/../../x.gguf", /does not name a repository/],
  ])("from %s is refused in words", async (...[, source, why]) => {
    await expect(bring("bad", source)).rejects.toThrow(why);
  });

  test("from a folder that holds no model is refused", async () => {
    const folder = join(opened.folder, "no-model");
    await mkdir(folder);
    await writeFile(join(folder, "program.ts"), "export {}");
    await expect(bring("bad", folder)).rejects.toThrow(/cannot be stored|contain no model/);
  });

  test("in parts is put together, and cannot be imported while one is missing", async () => {
    const bytes = await readFile(tiny);
    const upload = await registry.uploads.create(scope, [{ path: "tiny.gguf", sizeBytes: bytes.length }]);
    await expect(bring("sent", `upload:${upload.uploadId}`)).rejects.toThrow("0 of 1 parts");
    const part = { uploadId: upload.uploadId, file: 0, part: 0 };
    await expect(registry.uploads.putPart(scope, part, bytes.subarray(1))).rejects.toThrow("were announced");
    await registry.uploads.putPart(scope, part, bytes);
    expect(await bring("sent", `upload:${upload.uploadId}`)).toEqual({ name: "sent", version: 1 });
    await expect(registry.uploads.get(scope, upload.uploadId)).rejects.toMatchObject({ code: "not_found" });
    const pickles = ["a.pkl", "b.gguf", "c.bin"].map((path) => ({ path, sizeBytes: 1 }));
    await expect(registry.uploads.create(scope, pickles)).rejects.toMatchObject({
      message: expect.stringMatching(/^a.pkl: It is or may contain a pickle.*1 more/),
      details: { findings: [{ path: "a.pkl", level: "refused" }, { path: "c.bin" }] },
    });
    await expect(registry.uploads.create(scope, [{ path: "../a.gguf", sizeBytes: 1 }])).rejects.toThrow(
      "leaves its folder",
    );
  });
});

describe("an alias", () => {
  beforeEach(async () => {
    await bring("bot", tiny);
    await bring("bot", other);
  });
  const move = (version: string) => registry.moveAlias(scope, "bot", { alias: "production", version, reason: "" });

  test("moves, goes back where it was, and remembers", async () => {
    await move("1");
    await move("v2");
    const rolled = await registry.rollBackAlias(scope, "bot", { alias: "production", reason: "worse" });
    expect(rolled.aliases).toMatchObject([{ alias: "production", version: 1 }]);
    const { items } = await registry.listMoves(scope, "bot", { limit: 10 });
    expect(items.map(({ from, to, reason }) => [from, to, reason])).toEqual([
      [2, 1, "worse"],
      [1, 2, ""],
      [null, 1, ""],
    ]);
    await expect(move("7")).rejects.toMatchObject({ code: "not_found" });
  });

  test("is where requests go when they come; a version that runs is not taken away below them", async () => {
    await move("1");
    const first = await registry.served.resolve(scope.projectId, "bot@production");
    const running = ask(opened.inference, { modelId: first?.model ?? "", maxTokens: 200 });
    await move("2");
    const second = await registry.served.resolve(scope.projectId, "bot");
    expect([first?.name, second?.name]).toEqual(["bot@v1", "bot@v2"]);
    const swapped = await ask(opened.inference, { modelId: second?.model ?? "", maxTokens: 8 });
    expect((await running).done.completionTokens).toBeGreaterThan(0);
    expect(swapped.done.completionTokens).toBeGreaterThan(0);
  });

  test("many moves at once leave one version and a gapless history", async () => {
    await Promise.all(Array.from({ length: 8 }, (_, at) => move(String(1 + (at % 2)))));
    const { items } = await registry.listMoves(scope, "bot", { limit: 20 });
    const [model] = (await registry.models.list(scope, { search: "", limit: 5 })).items;
    expect(model?.aliases[0]?.version).toBe(items[0]?.to);
    for (const [at, { from }] of items.entries()) expect(from).toBe(items[at + 1]?.to ?? null);
  });

  test("prevents the deletion of its version and its model", async () => {
    await move("1");
    await expect(registry.versions.delete(scope, place("bot", 1))).rejects.toThrow("production");
    await expect(registry.models.delete(scope, "bot")).rejects.toThrow("production");
    await registry.versions.delete(scope, place("bot", 2));
    await registry.removeAlias(scope, "bot", "production");
    await registry.models.delete(scope, "bot");
    expect(await registry.served.resolve(scope.projectId, "bot")).toBeNull();
  });
});

describe("a stage", () => {
  test("is set immediately, or requires a second person if the project says so", async () => {
    await bring("bot", tiny);
    expect(await registry.setStage(scope, place("bot", 1), { stage: "staging", note: "" })).toMatchObject({
      stage: "staging",
    });
    await registry.settings.update(scope, { needsApproval: true });
    const alice = as(scope, "user_alice");
    const waiting = await registry.setStage(alice, place("bot", 1), { stage: "production", note: "good" });
    expect(waiting).toMatchObject({
      stage: "staging",
      pending: { stage: "production", note: "good", proposedBy: "Name of user_alice", isOwn: true },
    });
    const requestId = waiting.pending?.requestId ?? "";
    const wish = { alias: "production", version: "1", reason: "" };
    await expect(registry.moveAlias(alice, "bot", wish)).rejects.toThrow("needs the approval of a second person");
    const ownDecision = registry.stages.decide(alice, requestId, { decision: "approved", note: "" });
    await expect(ownDecision).rejects.toMatchObject({ code: "forbidden" });
    opened.people.set("key_of_alice", "user_alice");
    const byKey = registry.stages.decide(as(scope, "key_of_alice"), requestId, { decision: "approved", note: "" });
    await expect(byKey).rejects.toThrow("You cannot approve your own request");
    await expect(registry.setStage(alice, place("bot", 1), { stage: "production", note: "" })).rejects.toThrow(
      "waiting for a decision",
    );
    const bob = as(scope, "user_bob");
    expect(await registry.versions.get(bob, place("bot", 1))).toMatchObject({ pending: { isOwn: false } });
    await registry.stages.decide(bob, requestId, { decision: "approved", note: "yes" });
    expect(await registry.versions.get(scope, place("bot", 1))).toMatchObject({ stage: "production", pending: null });
    await registry.moveAlias(alice, "bot", wish);
    await expect(registry.stages.decide(bob, requestId, { decision: "rejected", note: "" })).rejects.toThrow(
      "already approved",
    );
  });
});

describe("an adapter", () => {
  async function withBase() {
    await bring("base", tiny);
    const path = join(opened.folder, "adapter.gguf");
    await writeTinyAdapter(path, { seed: 3 });
    await bring("tuned", path, { base: "base@v1" });
    return path;
  }

  test("answers over its base, whose weights it shares, and its lineage says so", async () => {
    await withBase();
    opened.endpoints.push({ id: "end_1", name: "support", models: ["tuned@production"] });
    await registry.moveAlias(scope, "tuned", { alias: "production", version: "1", reason: "" });
    const served = await registry.served.resolve(scope.projectId, "tuned@production");
    const below = await registry.served.resolve(scope.projectId, "base");
    const text = async (modelId = "") => (await ask(opened.inference, { modelId, maxTokens: 16, temperature: 0 })).text;
    expect(await text(served?.model)).not.toBe(await text(below?.model));
    expect(opened.inference.list().filter(({ state }) => state === "loaded").length).toBeGreaterThanOrEqual(2);
    const { nodes, edges } = await registry.versions.lineage(scope, place("tuned", 1));
    expect(nodes.map(({ kind }) => kind)).toEqual(["version", "base", "alias", "endpoint", "traces"]);
    expect(edges).toContainEqual({ from: "alias:production", to: "endpoint:end_1", label: "answers" });
    await expect(registry.versions.delete(scope, place("base", 1))).rejects.toThrow("the base of the adapter tuned@v1");
    opened.endpoints.length = 0;
  });

  test("goes over a pulled model too, and says when that is not here", async () => {
    const path = await withBase();
    opened.pulled.set("small", { path: other, sha256: await hashOf(other), license: null });
    await bring("over-local", path, { base: "local:small" });
    expect(await registry.versions.get(scope, place("over-local", 1))).toMatchObject({
      canServe: true,
      base: { ref: "local:small" },
    });
    opened.pulled.clear();
    const version = await registry.versions.get(scope, place("over-local", 1));
    expect(version).toMatchObject({ canServe: false, whyNot: expect.stringContaining("not on this machine") });
    await expect(registry.served.resolve(scope.projectId, "over-local")).rejects.toMatchObject({
      code: "unprocessable",
    });
    await expect(bring("x", path, { base: "nobody" })).rejects.toThrow('no model "nobody"');
  });
});

describe("what a training run gave", () => {
  test("becomes one version however often it is registered, with its data and base; another base is rejected", async () => {
    await bring("base", tiny);
    const folder = join(opened.folder, "run");
    await mkdir(join(folder, "final"), { recursive: true });
    await mkdir(join(folder, "exports"), { recursive: true });
    await writeTinyAdapter(join(folder, "exports", "adapter.gguf"));
    await writeFile(
      join(folder, "final", "adapter_model.safetensors"),
      safetensors({ "q.lora_A.weight": ["F32", [2, 4]], "q.lora_B.weight": ["F32", [4, 2]] }),
    );
    await writeFile(join(folder, "final", "training_args.bin"), "x");
    const { hash } = await registry.baseFor(scope, "base@v1");
    const trained: TrainedVersion = {
      scope,
      name: "tuned",
      runId: "run_1",
      baseRef: "base@v1",
      baseHash: hash,
      folder,
      training: {
        method: "sft",
        hyperparameters: { learning_rate: 0.0002, "lora.r": 8 },
        chatTemplate: "model",
        versions: { torch: "2.13.0", peft: "0.21.2" },
      },
      evalLoss: 1.5,
      sources: [
        {
          ref: "support",
          datasetId: "ds_1",
          version: "3",
          root: "r".repeat(64),
          rows: 10,
          prompt: [{ role: "user", content: "Intent of: {{text}}" }],
          target: "expected",
        },
      ],
      artifacts: [
        { kind: "adapter", path: "final", files: { "adapter_model.safetensors": "", "training_args.bin": "" } },
        { kind: "gguf-adapter", path: "exports/adapter.gguf", files: { "adapter.gguf": "" } },
      ],
    };
    expect(await registry.registerVersion(trained)).toEqual({ name: "tuned", version: 1 });
    expect(await registry.registerVersion(trained)).toEqual({ name: "tuned", version: 1 });
    const version = await registry.versions.whole(scope, place("tuned", 1));
    expect(version).toMatchObject({ formats: ["gguf-adapter", "adapter"], canServe: true, runId: "run_1" });
    expect(version.files.map(({ path }) => path)).toEqual(["adapter.gguf", "adapter/adapter_model.safetensors"]);
    expect(version).toMatchObject({ training: { method: "sft" }, data: [{ prompt: trained.sources[0]?.prompt }] });
    const { nodes } = await registry.versions.lineage(scope, place("tuned", 1));
    expect(nodes.map(({ kind }) => kind)).toEqual(["version", "training-run", "dataset", "base", "traces"]);
    const wrong = { ...trained, runId: "run_2", baseHash: "f".repeat(64) };
    await expect(registry.registerVersion(wrong)).rejects.toMatchObject({ code: "conflict" });
    await expect(registry.baseFor(scope, "tuned")).rejects.toThrow("is an adapter");
  });
});

describe("an export", () => {
  async function unpacked(name: string, kind: "files" | "container" | "oci") {
    const archive = await registry.export(scope, place(name, 1), kind);
    const chunks: Uint8Array[] = [];
    for await (const chunk of archive.read()) chunks.push(Buffer.from(chunk));
    const bytes = Buffer.concat(chunks);
    expect(bytes.length).toBe(archive.sizeBytes);
    const folder = join(opened.folder, `${scope.projectId}-${kind}`);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "a.tar"), bytes);
    execFileSync("tar", ["-xf", "a.tar"], { cwd: folder });
    return folder;
  }

  test("of files holds them with a card and sums that agree", async () => {
    await bring("bot", tiny);
    const folder = join(await unpacked("bot", "files"), "bot-v1");
    expect((await readdir(folder)).sort()).toEqual(["README.md", "SHA256SUMS", "tiny.gguf"]);
    execFileSync("sha256sum", ["-c", "--quiet", "SHA256SUMS"], { cwd: folder });
  });

  test("as a folder for a container has the base, the adapter and a command that serves them", async () => {
    await bring("base", tiny);
    const path = join(opened.folder, "lora.gguf");
    await writeTinyAdapter(path);
    await bring("tuned", path, { base: "base" });
    const folder = await unpacked("tuned", "container");
    expect((await readdir(join(folder, "models"))).sort()).toEqual(["adapter.gguf", "model.gguf"]);
    expect(await readFile(join(folder, "Containerfile"), "utf8")).toMatch(
      /ARG SERVER_IMAGE=ghcr.io\/\S+:server-b\d+\nFROM \$SERVER_IMAGE\nCOPY models.*\nUSER \d+:\d+\n[\s\S]*"--lora","\/models\/adapter.gguf"/,
    );
  });

  test("as an OCI archive is a layout in which every digest matches its content", async () => {
    await bring("bot", tiny);
    const folder = await unpacked("bot", "oci");
    const index = JSON.parse(await readFile(join(folder, "index.json"), "utf8"));
    for (const name of await readdir(join(folder, "blobs/sha256")))
      expect(await hashOf(join(folder, "blobs/sha256", name))).toBe(name);
    const manifest = JSON.parse(
      await readFile(join(folder, "blobs/sha256", index.manifests[0].digest.slice(7)), "utf8"),
    );
    const titles = manifest.layers.map(
      (layer: { annotations: Record<string, string> }) => layer.annotations["org.opencontainers.image.title"],
    );
    expect(titles).toEqual(["README.md", "tiny.gguf"]);
  });
});

describe("versions", () => {
  test("compared with each other, show the differences", async () => {
    await bring("bot", tiny);
    await bring("bot", other);
    const { facts, files } = await registry.versions.compare(scope, "bot", { left: "1", right: "2" });
    expect(facts.find(({ name }) => name === "Architecture")).toMatchObject({ left: "llama", isSame: true });
    expect(files.map(({ path, state }) => [path, state])).toEqual([
      ["other.gguf", "added"],
      ["tiny.gguf", "removed"],
    ]);
  });

  test("beyond the limit are removed, except with an alias; their contents are removed too", async () => {
    const empty = { description: "", tags: {}, retention: "project" as const };
    await registry.models.create(scope, { name: "bot", keepVersions: 1, ...empty });
    await bring("bot", tiny, { alias: "stable" });
    const extra = join(opened.folder, "extra.gguf");
    await writeTinyModel(extra, { seed: 77 });
    await bring("bot", extra);
    await bring("bot", other);
    const { items } = await registry.versions.list(scope, "bot", { limit: 10 });
    expect(items.map(({ version }) => version)).toEqual([3, 1]);
    expect(await opened.objects.has(await hashOf(extra))).toBe(false);
    expect(await opened.objects.has(await hashOf(tiny))).toBe(true);
  });

  test("of another project are not there", async () => {
    await bring("bot", tiny);
    const stranger = await opened.newScope();
    await expect(registry.models.get(stranger, "bot")).rejects.toMatchObject({ code: "not_found" });
    expect(await registry.served.resolve(stranger.projectId, "bot")).toBeNull();
    expect((await registry.models.list(stranger, { search: "", limit: 5 })).items).toEqual([]);
  });
});
