import { afterAll, beforeAll, expect, test } from "vitest";
import { noiseOf, openSweeps, scope } from "./testing/open-sweeps.ts";

let open: Awaited<ReturnType<typeof openSweeps>>;
beforeAll(async () => {
  open = await openSweeps();
}, 60_000);
afterAll(() => open?.close());

const config = {
  base_model: "tiny",
  datasets: [{ ref: "set" }],
  max_steps: 12,
  eval: { every: 3 },
  lora: { r: 16, alpha: 8 },
};

/** Best at a learning rate of 0.01, falls with the steps, and a little otherwise with each seed. */
const bowl = ({ learning_rate: rate, seed }: { learning_rate: number | "auto"; seed: number }, step: number) =>
  Math.log10(Number(rate) / 0.01) ** 2 + 1 / step + 0.001 * noiseOf(seed);

test("a search finds the settings that are best, runs them again with other seeds, and says how far to trust that", async () => {
  open.measure(bowl);
  const { sweepId } = await open.start({
    config,
    trials: 5,
    method: "grid",
    pruner: "none",
    repeats: 3,
    search: { learning_rate: { values: [0.0001, 0.001, 0.01, 0.1] } },
  });
  const sweep = await open.ended(sweepId);
  expect(sweep).toMatchObject({ status: "done", trialsMade: 7, createdBy: "Ada" });
  const { result, trialList } = sweep;
  expect(result.best).toBe(2);
  expect(trialList[2]?.params).toEqual({ learning_rate: 0.01 });
  expect(result.repeats?.values.length).toBe(3);
  const { low, high, mean } = result.repeats ?? {};
  expect(Number(low)).toBeLessThan(Number(mean));
  expect(Number(high)).toBeGreaterThan(Number(mean));
  expect(trialList.filter(({ role }) => role === "repeat").map(({ seed }) => seed)).toEqual([43, 44, 45]);
  expect(result.warnings[0]).toContain("partly lucky");
  // A search only needs a number: its runs create no model, and the rest of the configuration is unchanged.
  expect(open.kept.get(`${sweepId}-6`)?.run.name).toBe("try-repeat-7");
  for (const { run } of open.kept.values())
    expect(run.config).toMatchObject({
      export: { gguf: "none", register: false },
      lora: { r: 16, alpha: 8 },
      max_steps: 12,
    });
});

test("runs that fall behind are stopped, and the reason is stored", async () => {
  open.measure(bowl);
  const { sweepId } = await open.start({
    config,
    trials: 8,
    method: "grid",
    pruner: "asha",
    repeats: 0,
    search: { learning_rate: { values: [0.01, 0.02, 0.05, 0.5, 0.9, 0.0001] } },
  });
  const { trialList, result } = await open.ended(sweepId);
  const pruned = trialList.filter(({ status }) => status === "pruned");
  expect(pruned.length).toBeGreaterThanOrEqual(3);
  expect(pruned[0]?.message).toMatch(/^At step 3 its best value was .* not among the best/);
  expect(pruned.every(({ reports }) => reports.length < 4)).toBe(true);
  expect(result.best).toBe(0);
  expect(open.kept.get(pruned[0]?.trainingRunId ?? "")?.run.status).toBe("cancelled");
});

test("a search continues after a restart with its active run, and starts none twice", async () => {
  open.measure(bowl);
  const { sweepId } = await open.start({
    config: { ...config, max_steps: 60 },
    trials: 3,
    method: "random",
    pruner: "none",
    repeats: 1,
    search: { learning_rate: { min: 0.0001, max: 0.1, log: true } },
  });
  while (open.kept.size < 2) await new Promise((resolve) => setTimeout(resolve, 5));
  await open.restart();
  const sweep = await open.ended(sweepId);
  expect(sweep).toMatchObject({ status: "done", trialsMade: 4 });
  expect([...open.kept.keys()]).toEqual([0, 1, 2, 3].map((number) => `${sweepId}-${number}`));
});

test("a canceled search cancels its run, retains its measurements, and continues when it is resumed", async () => {
  open.measure((given, step) => bowl(given, step));
  const { sweepId } = await open.start({
    config: { ...config, max_steps: 3_000 },
    trials: 2,
    pruner: "none",
    repeats: 0,
    search: { learning_rate: { values: [0.01, 0.1] } },
  });
  while (open.kept.size === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  await open.sweeps.cancel(scope, sweepId);
  expect((await open.ended(sweepId)).status).toBe("cancelled");
  expect([...open.kept.values()][0]?.run.status).toBe("cancelled");
  await expect(open.sweeps.cancel(scope, sweepId)).rejects.toMatchObject({ code: "conflict" });
  await open.sweeps.resume(scope, sweepId);
  await open.sweeps.cancel(scope, sweepId);
  await open.ended(sweepId);
  expect(await open.sweeps.remove(scope, sweepId)).toEqual({ ok: true });
  await expect(open.sweeps.get(scope, sweepId)).rejects.toMatchObject({ code: "not_found" });
});

test("problems are reported before a run: the configuration, each end of a range, and missing held-out data", async () => {
  const search = { learning_rate: { values: [0.1] } };
  const wrong = async (input: object) => open.start({ config, search, ...input }).catch((error: unknown) => error);
  expect(await wrong({ config: { ...config, base_model: "" } })).toMatchObject({
    code: "invalid_request",
    message: expect.stringContaining("config.base_model"),
  });
  expect(await wrong({ search: { "lora.r": { values: [8, 100_000] } } })).toMatchObject({
    message: expect.stringMatching(/search\.lora\.r: 100000: /),
  });
  expect(await wrong({ search: { lora_rank: { values: [8] } } })).toMatchObject({ code: "invalid_request" });
  expect(await wrong({ config: { ...config, val: { fraction: 0 } } })).toMatchObject({
    message: expect.stringContaining("holds out no rows"),
  });
  expect((await wrong({ search: {} }))?.toString()).toContain("at least one setting");
  expect((await wrong({ search: { seed: { min: 2, max: 1 } } }))?.toString()).toContain("greater than");
});

test("a search that training would refuse is refused immediately, and none is created", async () => {
  const reason = "The trainer is not installed on this machine. Run `treadle trainer install`.";
  const order = { config, trials: 2, search: { learning_rate: { values: [0.1, 0.2] } } };
  open.measure(() => 1);
  const before = (await open.sweeps.list(scope, { limit: 100, search: "" })).items.length;
  open.lack(reason);
  await expect(open.start(order)).rejects.toMatchObject({ code: "unprocessable", message: reason });
  expect((await open.sweeps.list(scope, { limit: 100, search: "" })).items).toHaveLength(before);
  open.lack(null);
  const { sweepId } = await open.start(order);
  await open.sweeps.cancel(scope, sweepId);
  await open.ended(sweepId);
  open.lack(reason);
  await expect(open.sweeps.resume(scope, sweepId)).rejects.toMatchObject({ message: reason });
  open.lack(null);
});

test("a mistake in the data ends the search with the sentence, instead of as many failures as there are trials", async () => {
  open.measure(() => "The column `messages` is missing.");
  const { sweepId } = await open.start({ config, trials: 5, search: { learning_rate: { values: [0.1, 0.2] } } });
  const sweep = await open.ended(sweepId);
  expect(sweep).toMatchObject({ status: "failed", trialsMade: 1 });
  expect(sweep.message).toBe("Trial 1 cannot run: The column `messages` is missing.");
});

test("more can be better, and minutes end a search", async () => {
  open.measure(({ learning_rate: rate }) => Number(rate));
  const search = { learning_rate: { values: [0.1, 0.3, 0.2] } };
  const up = await open.start({ config, search, method: "grid", direction: "max", pruner: "none", repeats: 0 });
  expect((await open.ended(up.sweepId)).result).toMatchObject({ best: 1, value: 0.3 });
  const short = await open.start({ config, search, method: "grid", pruner: "none", maxMinutes: 0.05 });
  const sweep = await open.ended(short.sweepId);
  expect(sweep.trialsMade).toBe(1);
  expect(sweep.message).toContain("its time was used up");
});
