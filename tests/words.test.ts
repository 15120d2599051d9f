import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { root } from "./setup/sources.ts";

const ALLOWED = "scripts/words/allowed.json";
const LONG = `The server ${"reads a line and ".repeat(8)}stops.`;

let folder: string;

const git = (...args: string[]) =>
  execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@localhost", ...args], { cwd: folder, stdio: "pipe" });

function write(path: string, text: string) {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

function commit(subject: string) {
  git("add", "-A");
  git("commit", "-q", "--allow-empty", "-m", subject);
}

function check(...args: string[]) {
  const run = spawnSync(process.execPath, [join(root, "scripts", "check-words.mjs"), ...args], {
    cwd: folder,
    encoding: "utf8",
  });
  return { status: run.status, report: run.stdout + run.stderr };
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "treadle-words-"));
  git("init", "-q");
  write("README.md", "# Treadle\n\nTreadle routes each call to a model.\n");
  commit("Add a page");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("a tree in plain English passes", () => {
  write(
    "packages/web/src/page.tsx",
    'export const Page = () => <Button title="Install trainer">Stop the run</Button>;',
  );
  expect(check()).toMatchObject({ status: 0 });
});

test.each([
  ["docs/guide/page.md", "# Page\n\nThe server\ngoes\non with the run.\n", 'docs/guide/page.md:4: "goes on"'],
  ["docs/guide/page.md", `# Page\n\n- A point.\n- ${LONG}\n`, "docs/guide/page.md:4: a sentence of 35 words"],
  ["ARCHITECTURE.md", "| what |\n| --- |\n| It keeps the key |\n", 'ARCHITECTURE.md:3: "keeps"'],
  ["packages/web/src/a.tsx", 'export const A = () => <Field label="Taken by somebody" />;', 'a.tsx:1: "somebody"'],
  [
    "packages/web/src/b.tsx",
    "export const B = () => <p>The run\n  <b>goes on</b> by itself.</p>;",
    'b.tsx:1: "goes on"',
  ],
  [
    "packages/web/src/c.tsx",
    "export const c = (n: number) => toastDone(`$" + "{n} rows are kept`);",
    'c.tsx:1: "are kept"',
  ],
  ["packages/web/src/d.ts", 'export const d = { title: "Rows", empty: "Nobody wrote" };', 'd.ts:1: "Nobody"'],
  ["packages/web/src/e.ts", `export const say = () => "${LONG}";`, "e.ts:1: a sentence of 35 words"],
  [
    "packages/server/src/a.ts",
    'throw new AppError("conflict", { message: isNew ? "Start it." : `"$' + '{name}" is under way.` });',
    'packages/server/src/a.ts:1: "under way"',
  ],
  [
    "packages/cli/src/a.ts",
    'throw new UsageError("The suite " + name + " goes on.");',
    'packages/cli/src/a.ts:1: "goes on"',
  ],
  ["packages/contract/src/errors.ts", 'const ERRORS = { full: [507, "It could not be kept."] };', '"be kept"'],
])("a bad sentence in %s fails: %s", (path, text, finding) => {
  write(path, text);
  const { status, report } = check();
  expect(report).toContain(finding);
  expect(status).toBe(1);
});

test("a commit subject that is too long or in the wrong words fails", () => {
  commit(`Add ${"a very ".repeat(10)}long subject`);
  expect(check()).toMatchObject({
    status: 1,
    report: expect.stringMatching(/commit \w+: 86 characters \(at most 72\)/),
  });
  commit("Mend the page");
  expect(check()).toMatchObject({ status: 1, report: expect.stringMatching(/commit \w+: "Mend": write fix/) });
});

test("every commit since origin/main is read, and none before it", () => {
  commit("Mend what is older");
  git("update-ref", "refs/remotes/origin/main", "HEAD");
  expect(check()).toMatchObject({ status: 0 });
  commit("Mend the first");
  commit("Add the second");
  expect(check()).toMatchObject({ status: 1, report: expect.stringContaining('"Mend": write fix') });
});

test("code, addresses, quoted labels and generated pages are not read", () => {
  write("docs/reference/errors.md", "It goes on.\n");
  write(
    "docs/guide/a.md",
    '# A\n\nChoose **Go on**, or run `go on`.\nIt says "It goes on." [Here](https://a.test/beside).\n\n```sh\ngo on\n```\n',
  );
  write(
    "packages/web/src/a.tsx",
    'import "go on"; export const a = () => <p className="beside it" id="keeps">Run</p>;',
  );
  write("packages/server/src/a.test.ts", 'throw new Error("It goes on.");');
  expect(check()).toMatchObject({ status: 0 });
});

test("allowed findings pass, one more fails, and an update lowers the count but does not raise it", () => {
  const allowed = () => JSON.parse(readFileSync(join(folder, ALLOWED), "utf8"));
  write("docs/guide/old.md", "It goes on.\n\nIt keeps on.\n");
  write(ALLOWED, JSON.stringify({ "docs/guide/old.md": 2 }));
  expect(check()).toMatchObject({ status: 0 });

  write("docs/guide/old.md", "It goes on.\n\nIt keeps on.\n\nIt is kept.\n");
  expect(check()).toMatchObject({ status: 1 });
  expect(check("--update")).toMatchObject({ status: 1 });
  expect(allowed()).toEqual({ "docs/guide/old.md": 2 });

  write("docs/guide/old.md", "It goes on.\n");
  expect(check()).toMatchObject({ status: 0, report: expect.stringContaining("--update") });
  check("--update");
  expect(allowed()).toEqual({ "docs/guide/old.md": 1 });
});

test("an update moves what was allowed with a file within its package, and no further", () => {
  write(ALLOWED, JSON.stringify({ "packages/web/src/old.tsx": 1 }));
  write("packages/web/src/new.tsx", 'export const a = <p title="It goes on" />;');
  write("docs/guide/new.md", "It goes on.\n");
  expect(check("--update")).toMatchObject({ status: 1, report: expect.not.stringContaining("new.tsx:1") });
  expect(JSON.parse(readFileSync(join(folder, ALLOWED), "utf8"))).toEqual({ "packages/web/src/new.tsx": 1 });
});
