import { chmod, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type OpenTraining, openTraining, scope, writeFakePython } from "../testing/open-training.ts";

const signal = new AbortController().signal;

let open: OpenTraining;
let programs = "";
beforeAll(async () => {
  open = await openTraining();
  programs = join(open.folder, "programs");
}, 60_000);
beforeEach(async () => {
  await rm(programs, { recursive: true, force: true });
  await rm(join(open.folder, "trainer"), { recursive: true, force: true });
  await mkdir(programs, { recursive: true });
});
afterAll(() => open?.close());

/** A Python that makes an environment whose pip says and does what it is told. */
async function writePython({ version = "3.12.1", pip = "exit 0", venv = "" } = {}) {
  const working = await writeFakePython(open.folder);
  const inner = `#!/bin/sh
if [ "$2" = pip ]; then ${pip}; else exec "${working}" "$@"; fi`;
  const text = `#!/bin/sh
if [ "$1" = -c ]; then echo ${version}; exit 0; fi
${venv}
mkdir -p "$4/bin"
cat > "$4/bin/python" <<'END'
${inner}
END
chmod +x "$4/bin/python"
`;
  await writeFile(join(programs, "python3"), text);
  await chmod(join(programs, "python3"), 0o755);
}

const around = () => ({ pythonPath: null, toolEnvironment: { PATH: `${programs}:/usr/bin:/bin` } });

async function install(more = {}) {
  await open.reopen({ ...around(), ...more });
  await open.training.trainer.install(scope, signal);
  for (let tries = 0; tries < 1_000; tries++) {
    const { items } = await open.jobs.list(scope, { kind: "trainer-install", limit: 1 });
    const [job] = items;
    if (job && job.status !== "queued" && job.status !== "running") return job;
    await delay(20);
  }
  throw new Error("the installation did not end");
}

test("an environment is made in the data folder, and from then on models are trained with it", async () => {
  await writePython({ pip: 'echo "Collecting torch==2.0"; echo "Installing collected packages: torch"' });
  expect(await install()).toMatchObject({ status: "done", result: { python: "3.12.1" }, progress: { done: 1 } });
  const trainer = await open.training.trainer.get(scope, { probe: true, signal });
  expect(trainer).toMatchObject({
    state: "ready",
    python: join(open.folder, "trainer/venv/bin/python"),
    doctor: { missing: [] },
  });
}, 30_000);

const isWanted = process.platform === "linux" && process.arch === "x64";

test.runIf(isWanted).each([
  {
    ...{ told: "without a graphics card PyTorch comes without the libraries of one", more: {}, pip: "exit 0" },
    asked: ["cpu", "rest"],
  },
  {
    ...{ told: "an index that cannot be reached is no hindrance", more: {}, pip: 'case "$*" in *+cpu*) exit 1;; esac' },
    asked: ["cpu", "rest"],
  },
  {
    ...{ told: "with a graphics card the usual build comes", more: { hasGpu: async () => true }, pip: "exit 0" },
    asked: ["rest"],
  },
  {
    ...{ told: "where no index is named the usual build comes", more: { torchIndex: null }, pip: "exit 0" },
    asked: ["rest"],
  },
])(
  "$told",
  async ({ more, pip, asked }) => {
    await writePython({ pip: `echo "$*" >> "${programs}/asked"; ${pip}` });
    const room = { torchIndex: "https://wheels.example/cpu", hasGpu: async () => false };
    expect(await install({ ...room, ...more })).toMatchObject({ status: "done" });
    const lines = (await readFile(join(programs, "asked"), "utf8")).trim().split("\n");
    expect(lines.map((line) => (line.includes("+cpu") ? "cpu" : "rest"))).toEqual(asked);
    if (asked[0] === "cpu")
      expect(lines[0]).toMatch(/--no-deps --index-url=https:\/\/wheels\.example\/cpu torch==\d+\.\d+\.\d+\+cpu$/);
    expect(lines.at(-1)).toMatch(/-r \/.+requirements\.txt$/);
  },
  30_000,
);

test.runIf(isWanted)(
  "room for the small build is not taken for room for the usual one",
  async () => {
    await writePython({ pip: 'case "$*" in *+cpu*) exit 1;; esac' });
    const little = { torchIndex: "https://wheels.example/cpu", hasGpu: async () => false, freeBytes: async () => 4e9 };
    expect((await install(little)).error?.message).toMatch(/needs 8\.0 GB of disk, and 4\.0 GB are free/);
    await writePython();
    expect(await install(little)).toMatchObject({ status: "done" });
  },
  30_000,
);

test.each([
  [
    "pip finds nothing",
    { pip: 'echo "ERROR: No matching distribution found for torch" >&2; exit 1' },
    /could not be installed: No matching distribution/,
  ],
  ["the disk fills up", { pip: 'echo "OSError: [Errno 28] No space left on device" >&2; exit 1' }, /the disk is full/],
  ["there is no venv module", { venv: 'echo "ensurepip is not available." >&2; exit 1' }, /package python3-venv/],
])(
  "when %s, that is said and what was half made is not used",
  async (_, python, words) => {
    await writePython(python);
    expect((await install()).error?.message).toMatch(words);
    expect(await open.training.trainer.get(scope, { probe: false, signal })).toMatchObject({
      ...{ state: "missing", message: expect.stringMatching(words) },
    });
  },
  30_000,
);

test("a machine with an old Python or with little disk is told so before anything is brought", async () => {
  await writePython({ version: "3.8.2" });
  // The machine's own Python stands behind the old one.
  const alone = { toolEnvironment: { PATH: programs } };
  expect((await install(alone)).error?.message).toMatch(/needs Python 3\.11 or newer, .*\(python3 is 3\.8\.2\)/);
  await writePython();
  expect((await install({ freeBytes: async () => 1e9 })).error?.message).toMatch(
    /needs 8\.0 GB of disk, and 1\.0 GB are free/,
  );
}, 30_000);

test("a Python that was named is used as it is", async () => {
  await open.reopen({});
  await expect(open.training.trainer.install(scope, signal)).rejects.toThrow(
    /TREADLE_TRAINER_PYTHON names .* used as it is/,
  );
});
