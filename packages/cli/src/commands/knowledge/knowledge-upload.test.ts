import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Recorded, startRecordingServer } from "../../testing/recording-server.ts";
import { runTreadle } from "../../testing/run-treadle.ts";
import { findFiles } from "./find-files.ts";

const KNOWLEDGE_BASE = { knowledgeBaseId: "kb_1", name: "Handbook", job: null };
const JOB = {
  jobId: "job_1",
  title: "Index Handbook",
  status: "running",
  progress: { done: 1, total: 2, unit: "", message: "Indexing" },
};
const hashOf = (text: string) => createHash("sha256").update(text).digest("hex");
const documentOf = (uri: string, text: string, state = "indexed") => ({
  documentId: `kdoc_${uri}`,
  uri,
  contentHash: hashOf(text),
  state,
  principals: ["public"],
  error: state === "failed" ? "It has no text." : null,
});
const pageOf = (items: readonly object[]) => ({ items, nextCursor: null });

let folder: string;
let server: Awaited<ReturnType<typeof startRecordingServer>>;
let documents: ReturnType<typeof documentOf>[];
let polls: number;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "treadle-upload-"));
  documents = [];
  polls = 0;
  server = await startRecordingServer(respond);
});
afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

const respond = (
  { method, path, query, bytes }: Recorded,
  response: Parameters<Parameters<typeof startRecordingServer>[0] & object>[1],
) => {
  if (path === "/api/v1/knowledge") return pageOf([KNOWLEDGE_BASE]);
  if (path === "/api/v1/jobs/job_1") return JOB;
  if (path === "/api/v1/knowledge/kb_1") return { ...KNOWLEDGE_BASE, job: polls++ === 0 ? { jobId: "job_1" } : null };
  if (method === "GET") return pageOf(documents.filter(({ state }) => !query.state || state === query.state));
  if (bytes.length === 0) {
    response.statusCode = 422;
    return { error: { code: "unprocessable", message: "The file is empty." } };
  }
  const document = documentOf(query.name ?? "", bytes.toString(), bytes.toString() === "bad" ? "failed" : "indexed");
  documents = [...documents.filter(({ uri }) => uri !== document.uri), document];
  return document;
};

function write(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}
const upload = (...args: string[]) =>
  runTreadle(["knowledge", "upload", "Handbook", ...args, "--url", server.url, "--key", "tr_test"]);
const uploaded = () =>
  server.requests
    .filter(({ method }) => method === "POST")
    .map(({ query }) => query.name)
    .sort();

test("folders are read with their subfolders, without hidden files, links and files that are not documents", () => {
  write({ "a.md": "a", "sub/b.txt": "b", "sub/deep/c.pdf": "c", ".hidden": "x", ".git/config": "x", "logo.PNG": "x" });
  write({ "node_modules/one.md": "x" });
  symlinkSync(join(folder, "a.md"), join(folder, "link.md"));
  const { files, ignored } = findFiles([folder]);
  expect(files.map(({ name }) => name)).toEqual(["a.md", "sub/b.txt", "sub/deep/c.pdf"]);
  expect(ignored).toBe(1);
  expect(findFiles([join(folder, "logo.PNG")]).files).toMatchObject([{ name: "logo.PNG", sizeBytes: 1 }]);
});

test("two files of one name and a path that does not exist are wrong use", async () => {
  write({ "one/a.md": "1", "two/a.md": "2" });
  expect(() => findFiles([join(folder, "one"), join(folder, "two")])).toThrow(/would both be "a\.md"/);
  expect(() => findFiles([join(folder, "one"), join(folder, "one")])).toThrow(/named twice/);
  const { code, stderr } = await upload(join(folder, "three"));
  expect([code, server.requests]).toEqual([64, []]);
  expect(stderr).toContain("There is no file or folder");
  expect((await upload(folder, "--concurrency", "0")).code).toBe(64);
});

test("a folder is uploaded, and a second run uploads only what changed", async () => {
  write({ "a.md": "A", "sub/b.md": "B" });
  const first = await upload(folder, "--principals", "group:support");
  expect(first).toMatchObject({ code: 0 });
  expect(first.stdout).toBe("Handbook: 2 uploaded, 0 unchanged. They are indexed in the background.\n");
  expect(first.stderr).toContain("2 of 2 files");
  expect(uploaded()).toEqual(["a.md", "sub/b.md"]);
  expect(server.requests.find(({ method }) => method === "POST")?.query.principals).toBe("group:support");
  write({ "sub/b.md": "B, changed" });
  expect((await upload(folder)).stdout).toBe(
    "Handbook: 1 uploaded, 1 unchanged. They are indexed in the background.\n",
  );
  expect(uploaded()).toEqual(["a.md", "sub/b.md", "sub/b.md"]);
  expect((await upload(folder)).stdout).toBe("Handbook: 0 uploaded, 2 unchanged. Nothing to index.\n");
  expect((await upload(folder, "--principals", "user:ada")).stdout).toContain("2 uploaded, 0 unchanged");
});

test("a file that the server rejects is reported, and the others are uploaded", async () => {
  write({ "a.md": "A", "empty.md": "" });
  const { code, stdout, stderr } = await upload(folder);
  expect(code).toBe(1);
  expect(stdout).toContain("1 uploaded, 0 unchanged, 1 rejected");
  expect(stderr).toContain("empty.md: The file is empty.");
});

test("with --wait, the index is awaited, and documents that no search finds are listed", async () => {
  write({ "a.md": "A", "b.md": "bad" });
  const { code, json } = await upload(folder, "--wait", "--json");
  expect(code).toBe(1);
  expect(polls).toBe(2);
  expect(json()).toMatchObject({
    knowledgeBaseId: "kb_1",
    uploaded: [{ name: "a.md" }, { name: "b.md" }],
    problems: [{ name: "b.md", documentId: "kdoc_b.md", error: "It has no text." }],
  });
  // A document that failed is uploaded again.
  write({ "b.md": "good" });
  const second = await upload(folder, "--wait");
  expect(second).toMatchObject({ code: 0 });
  expect(second.stdout).toBe("Handbook: 1 uploaded, 1 unchanged. The index is ready.\n");
});

test("an unknown knowledge base is an error with the existing names", async () => {
  write({ "a.md": "A" });
  const { code, stderr } = await runTreadle([
    "knowledge",
    "upload",
    "Other",
    folder,
    "--url",
    server.url,
    "--key",
    "k",
  ]);
  expect(code).toBe(1);
  expect(stderr).toContain('There is no knowledge base "Other". There are: Handbook.');
});

test("the operations of knowledge bases stay commands next to the upload", async () => {
  const { stdout } = await runTreadle(["knowledge", "--help"]);
  for (const verb of ["upload", "create", "search", "delete"]) expect(stdout).toMatch(new RegExp(`^ +${verb} `, "m"));
});
