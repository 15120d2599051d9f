import { chmod, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { type OpenTraining, openTraining, scope, writeFakePython } from "../testing/open-training.ts";

const signal = new AbortController().signal;
vi.setConfig({ testTimeout: 30_000 });

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

const cpu = {
  packages: [
    { name: "torch", version: "2.15.0+cpu", bytes: 3_000_000 },
    { name: "tqdm", version: "4.70.1", bytes: 1_000_000 },
  ],
  torch: "cpu",
  note: "",
};
const usual = { ...cpu, torch: "usual", note: "connection refused." };

/** A fake Python: it creates an environment with a scripted pip, and finds a plan. */
async function writePython({ version = "3.12.1", pip = "exit 0", venv = "", plan = cpu as object } = {}) {
  const working = await writeFakePython(open.folder);
  const inner = `#!/bin/sh
case "$1" in
  *plan_install.py) echo "$*" >> "${programs}/planned"; echo '${JSON.stringify(plan)}' ;;
  *) if [ "$2" = pip ]; then ${pip}; else exec "${working}" "$@"; fi ;;
esac`;
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
  return ended();
}

async function ended(kind = "trainer-install") {
  for (let tries = 0; tries < 1_000; tries++) {
    const { items } = await open.jobs.list(scope, { kind, limit: 1 });
    const [job] = items;
    if (job && job.status !== "queued" && job.status !== "running") return job;
    await delay(20);
  }
  throw new Error(`the job ${kind} did not end`);
}

test("an environment is made in the data folder, and from then on models are trained with it", async () => {
  await writePython({ pip: 'echo "Collecting torch==2.0"; echo "Installing collected packages: torch"' });
  const job = await install();
  expect(job).toMatchObject({ status: "done", result: { python: "3.12.1", torch: "cpu" } });
  expect(job.progress).toMatchObject({ total: 4_000_000, unit: "bytes" });
  const trainer = await open.training.trainer.get(scope, { probe: true, signal });
  expect(trainer).toMatchObject({
    state: "ready",
    python: join(open.folder, "trainer/venv/bin/python"),
    doctor: { missing: [] },
  });
}, 30_000);

const isWanted = process.platform === "linux" && process.arch === "x64";
const index = "https://wheels.example/cpu";
const asked = async () =>
  (await readFile(join(programs, "asked"), "utf8"))
    .trim()
    .split("\n")
    .filter((line) => !line.includes("pip=="));

test.runIf(isWanted)("what is planned as a CPU build is brought from its index, and only that", async () => {
  await writePython({ pip: `echo "$*" >> "${programs}/asked"` });
  expect(await install({ torchIndex: index, hasGpu: async () => false })).toMatchObject({ status: "done" });
  const [first, second, ...more] = await asked();
  expect(first).toMatch(/--no-deps --index-url=https:\/\/wheels\.example\/cpu torch==\d+\.\d+\.\d+\+cpu$/);
  expect(second).toMatch(/-r \/.+requirements\.txt$/);
  expect(second).not.toContain(index);
  expect(more).toEqual([]);
  expect(await readFile(join(programs, "planned"), "utf8")).toContain(`--torch-index ${index}`);
});

test.runIf(isWanted)(
  "when the index of the CPU build cannot be reached, the usual build comes and says why",
  async () => {
    for (const python of [
      { plan: usual, pip: "exit 0" },
      { plan: cpu, pip: 'case "$*" in *+cpu*) echo "ERROR: connection refused." >&2; exit 1;; esac' },
    ]) {
      await writePython(python);
      const job = await install({ torchIndex: index, hasGpu: async () => false });
      expect(job).toMatchObject({ status: "done", result: { torch: "usual" } });
      const { state, message } = await open.training.trainer.get(scope, { probe: false, signal });
      expect(state).toBe("ready");
      expect(message).toMatch(
        /cannot be downloaded from https:\/\/wheels\.example\/cpu: connection refused\. The larger standard build/,
      );
    }
  },
);

test.runIf(isWanted).each([
  ["with a graphics card", { hasGpu: async () => true }],
  ["where the setting is `none`", { torchIndex: null }],
])("%s no other index is asked", async (_, more) => {
  await writePython({ plan: { ...usual, note: "" } });
  expect(await install({ torchIndex: index, hasGpu: async () => false, ...more })).toMatchObject({ status: "done" });
  expect(await readFile(join(programs, "planned"), "utf8")).not.toContain("--torch-index");
});

test("the download is counted in bytes while it runs", async () => {
  const pip = `case "$*" in *requirements*) head -c 2500000 /dev/zero > "$TMPDIR/torch.whl"; while [ ! -e "${programs}/go-on" ]; do sleep 0.1; done;; esac`;
  await writePython({ pip });
  await open.reopen({ ...around() });
  const { jobId } = await open.training.trainer.install(scope, signal);
  for (;;) {
    const { progress } = await open.jobs.get(scope, jobId ?? "");
    if (progress.done > 0) {
      expect(progress).toMatchObject({ done: 2_500_000, total: 4_000_000, unit: "bytes" });
      break;
    }
    await delay(50);
  }
  await writeFile(join(programs, "go-on"), "");
  expect((await ended()).status).toBe("done");
  // No part of the download stays on the disk.
  await expect(readFile(join(open.folder, "trainer/tmp/torch.whl"))).rejects.toThrow("ENOENT");
});

test("what an installation would download is looked up before, and installs nothing", async () => {
  await writePython();
  await open.reopen({ ...around(), freeBytes: async () => 9e9 });
  const plan = await open.training.trainer.plan(scope, signal);
  expect(plan).toMatchObject({ state: "missing", plan: null, planJobId: expect.any(String) });
  expect((await ended("trainer-plan")).status).toBe("done");
  expect(await open.training.trainer.get(scope, { probe: false, signal })).toMatchObject({
    state: "missing",
    planJobId: null,
    plan: { ...cpu, downloadBytes: 4_000_000, diskBytes: 2.5e9, freeBytes: 9e9, python: "3.12.1" },
  });
  await expect(readFile(join(open.folder, "trainer/plan-training/bin/python"))).rejects.toThrow("ENOENT");
});

test.runIf(isWanted)("room for the CPU build is not taken for room for the usual one", async () => {
  const little = { torchIndex: index, hasGpu: async () => false, freeBytes: async () => 4e9 };
  await writePython({ plan: usual });
  expect((await install(little)).error?.message).toMatch(/needs 8\.0 GB of disk space, but only 4\.0 GB are free/);
  await writePython();
  expect(await install(little)).toMatchObject({ status: "done" });
});

test.each([
  [
    "pip finds nothing",
    { pip: 'echo "ERROR: No matching distribution found for torch" >&2; exit 1' },
    /could not be installed: No matching distribution/,
  ],
  ["the disk fills up", { pip: 'echo "OSError: [Errno 28] No space left on device" >&2; exit 1' }, /the disk is full/],
  ["there is no venv module", { venv: 'echo "ensurepip is not available." >&2; exit 1' }, /package python3-venv/],
])(
  "when %s, this is reported and the partial result is not used",
  async (_, python, words) => {
    await writePython(python);
    expect((await install()).error?.message).toMatch(words);
    expect(await open.training.trainer.get(scope, { probe: false, signal })).toMatchObject({
      state: "missing",
      message: expect.stringMatching(words),
    });
  },
  30_000,
);

test("a machine with an old Python or little disk space is reported before any download", async () => {
  await writePython({ version: "3.8.2" });
  // The machine's own Python comes after the old one.
  const alone = { toolEnvironment: { PATH: programs } };
  expect((await install(alone)).error?.message).toMatch(/needs Python 3\.11 or newer, .*\(python3 is 3\.8\.2\)/);
  await writePython();
  expect((await install({ freeBytes: async () => 1e9 })).error?.message).toMatch(
    /needs 2\.5 GB of disk space, but only 1\.0 GB are free/,
  );
}, 30_000);

test("a Python that was named is used as it is", async () => {
  await open.reopen({});
  await expect(open.training.trainer.install(scope, signal)).rejects.toThrow(
    /TREADLE_TRAINER_PYTHON is .* used unchanged/,
  );
});
