import { expect, test } from "vitest";
import { type OutsideCall, useKnowledgeWorld } from "./testing/use-knowledge-world.ts";

const world = useKnowledgeWorld();

const FILES = {
  "a.md": "# Refunds\n\nA refund takes five days.\n",
  "b.html": "<title>Hours</title><p>The shop opens at nine.</p>",
};

async function contentHashOf(baseId: string) {
  const { items } = await world.server.knowledge.listVersions(world.scope, baseId, { limit: 10 });
  return items.map(({ contentHash }) => contentHash);
}

/** Indexes the files in a new base. `fail` is called with the number of each call to something outside. */
async function indexWith(fail: (call: OutsideCall & { readonly at: number }) => Promise<void>) {
  const baseId = await world.create();
  await world.upload(baseId, FILES);
  let at = 0;
  world.hooks.before = ({ name }) => fail({ name, at: at++ });
  const base = await world.index(baseId);
  world.hooks.before = async () => {};
  return { base, baseId, calls: at };
}

test("a job that fails at any call outside and runs again gives the version of an undisturbed run", async () => {
  const names: string[] = [];
  const whole = await indexWith(async ({ name }) => void names.push(name));
  const expected = await contentHashOf(whole.baseId);
  expect(expected).toHaveLength(1);
  expect(new Set(names)).toEqual(
    new Set([
      "db.transaction",
      "objects.put",
      "objects.get",
      "objects.place",
      "documents.parse",
      "embedding.embed",
      "thread.cut",
      "thread.seal",
      "thread.open",
      "thread.probe",
      "thread.close",
    ]),
  );
  for (const [stop, name] of names.entries()) {
    const { base, baseId } = await indexWith(async ({ at }) => {
      if (at === stop) throw new Error(`The server lost power before ${name}.`);
    });
    expect([name, base.job, base.states]).toEqual([name, null, { indexed: 2 }]);
    expect(await contentHashOf(baseId)).toEqual(expected);
    expect((await world.search(baseId, "refund")).hits[0]?.uri).toBe("a.md");
  }
}, 60_000);

test("a server that is stopped in the middle continues with what it had stored", async () => {
  const { baseId: wholeId } = await indexWith(async () => {});
  const baseId = await world.create();
  await world.upload(baseId, FILES);
  let isStopped = false;
  let parsed = 0;
  world.hooks.before = async ({ name }) => {
    if (name === "documents.parse") parsed++;
    if (name !== "embedding.embed" || isStopped) return;
    isStopped = true;
    await new Promise((resolve) => setTimeout(resolve, 300));
    throw new Error("The server has stopped.");
  };
  const indexed = world.index(baseId).catch(() => null);
  await expect.poll(() => isStopped).toBe(true);
  await world.restart();
  await indexed;
  expect(await world.index(baseId)).toMatchObject({ states: { indexed: 2 }, job: null });
  expect(await contentHashOf(baseId)).toEqual(await contentHashOf(wholeId));
  expect(parsed).toBe(2);
});
