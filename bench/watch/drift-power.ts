// Measures how often a drift watch finds a new customer in a day, and how often it calls the same traffic changed. Each repetition draws
// a reference and a day at random from the texts of a file. With `--share`, this share of the day comes from the `added` texts and from
// a new tenant with 12 users. Without it, all sides are random parts of the same texts. If the day changed, a second day is drawn, which
// can confirm the change. Prints one line per repetition, whose seed is its number, so that `--first` continues a measurement.
// Usage: node bench/watch/drift-power.ts TEXTS.json [--texts 500] [--share 0.1] [--repetitions 10] [--first 0]
// TEXTS.json is {"usual": ["…"], "added": ["…"]}, with enough usual texts for a reference and two days. Their vectors are stored in
// TEXTS.json.vectors.
import { readFile, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { createRandom, findCentres, type Random, vectorsOf } from "../../packages/metrics/src/index.ts";
import { languageOf } from "../../packages/server/src/areas/language-of.ts";
import type { DriftItem, DriftSide } from "../../packages/server/src/modules/observe/drift/analysis/drift-item.ts";
import { fromBase64, toBase64 } from "../../packages/server/src/modules/observe/drift/analysis/pack-vectors.ts";
import { createDriftWork } from "../../packages/server/src/modules/observe/drift/index.ts";
import { confirm, verdictOf } from "../../packages/server/src/modules/observe/drift/run/confirm.ts";
import { embedItems } from "../../packages/server/src/modules/observe/drift/run/embed-items.ts";
import { createInference } from "../../packages/server/src/platform/inference/open.ts";

const EMBEDDING = "use-lite-en";
const USERS = 80;
const ADDED_USERS = 12;
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    texts: { type: "string", default: "500" },
    share: { type: "string", default: "0" },
    repetitions: { type: "string", default: "10" },
    first: { type: "string", default: "0" },
  },
});
const [path] = positionals;
if (path === undefined) {
  console.error("Usage: node bench/watch/drift-power.ts TEXTS.json [--texts 500] [--share 0.1] [--repetitions 10]");
  process.exit(2);
}
const [texts, share] = [Number(values.texts), Number(values.share)];
const { usual, added }: { usual: string[]; added: string[] } = JSON.parse(await readFile(path, "utf8"));
const extra = Math.round(texts * share);
if (usual.length < 3 * texts - 2 * extra || (extra > 0 && added.length === 0))
  throw new Error(`${path} has too few texts: ${usual.length} usual and ${added.length} added.`);

type Known = { readonly item: DriftItem; readonly numbers: Int16Array };
const work = createDriftWork({ languageOf, findCentres: (rows, count) => findCentres(vectorsOf(rows), count) });

/** All texts with their facts and vectors. */
async function readTexts(): Promise<{ known: ReadonlyMap<string, Known>; size: number }> {
  const all = [...new Set([...usual, ...added])];
  const items = await work.readTexts(all.map((text, at) => ({ id: `${at}`, text })));
  const stored = await readFile(`${path}.vectors`, "utf8").catch(() => null);
  const { size, numbers } = stored === null ? await embedAll(items) : fromBase64(stored, 512);
  if (numbers.length !== all.length * size) throw new Error(`${path}.vectors belongs to other texts. Delete it.`);
  await writeFile(`${path}.vectors`, toBase64({ size, numbers }));
  const known = items.map((item, at): [string, Known] => [
    all[at] ?? "",
    { item, numbers: numbers.subarray(at * size, (at + 1) * size) },
  ]);
  return { known: new Map(known), size };
}

async function embedAll(items: readonly DriftItem[]) {
  const log = { debug() {}, info() {}, warn() {}, error: console.error };
  const inference = createInference({ memoryBudgetBytes: 2 ** 30, parallel: 1, log });
  const embed = async (batch: readonly string[], signal: AbortSignal) =>
    (await inference.embed({ modelId: EMBEDDING, texts: batch, caller: "bench" }, signal)).vectors;
  const { vectors } = await embedItems({ embed }, items, { signal: new AbortController().signal });
  await inference.close();
  return vectors;
}

const { known, size } = await readTexts();
let made = 0;

/** Each text is of its own trace. */
function sideOf(rows: readonly { readonly text: string; readonly user: string; readonly tenant: string }[]): DriftSide {
  const found = rows.map(({ text, user, tenant }) => {
    const one = known.get(text);
    if (!one) throw new Error("A text has no vector.");
    made++;
    const ids = { traceId: `${made}`, spanId: `${made}`, unit: `t:${made}`, group: `u:${user}` };
    return { numbers: one.numbers, item: { ...one.item, ...ids, user, tenant, release: "1", model: "bench" } };
  });
  const numbers = new Int16Array(found.length * size);
  for (const [at, one] of found.entries()) numbers.set(one.numbers, at * size);
  return { items: found.map(({ item }) => item), vectors: { size, numbers } };
}

const shuffled = (rows: readonly string[], random: Random): string[] => {
  const order = rows.map((row) => ({ row, at: random.next() }));
  return order.sort((one, other) => one.at - other.at).map(({ row }) => row);
};
const usualRows = (rows: readonly string[], random: Random) =>
  rows.map((text) => {
    const user = random.below(USERS);
    return { text, user: `user-${user}`, tenant: ["north", "south", "west"][user % 3] ?? "" };
  });
const addedRows = (rows: readonly string[], random: Random) =>
  Array.from({ length: extra }, (_, at) => ({
    text: rows[at % rows.length] ?? "",
    user: `acme-${random.below(ADDED_USERS)}`,
    tenant: "acme",
  }));

async function repeat(seed: number) {
  const random = createRandom(seed);
  const rows = shuffled(usual, random);
  const reference = sideOf(usualRows(rows.slice(0, texts), random));
  const model = await work.learn(reference);
  const compare = async (from: number) =>
    work.compare({
      reference,
      current: sideOf([
        ...usualRows(rows.slice(from, from + texts - extra), random),
        ...addedRows(shuffled(added, random), random),
      ]),
      week: null,
      model,
    });
  const { signals, explanations, words } = await compare(texts);
  const changed = signals.filter(({ isChanged }) => isChanged).map(({ signal }) => signal);
  const next = changed.length > 0 ? await compare(2 * texts - extra) : null;
  const isConfirmed = next !== null && verdictOf(confirm(next.signals, [{ day: "before", signals }])) === "confirmed";
  const [cause] = explanations;
  return {
    changed,
    isConfirmed,
    cause: cause ? `${cause.dimension} ${cause.value}` : null,
    words: words.filter(({ z }) => z > 0).map(({ word }) => word),
  };
}

const [first, count] = [Number(values.first), Number(values.repetitions)];
const startedAt = performance.now();
const found: Awaited<ReturnType<typeof repeat>>[] = [];
for (let seed = first; seed < first + count; seed++) {
  const one = await repeat(seed);
  found.push(one);
  console.log(JSON.stringify({ seed, ...one }));
}
const numberOf = (isIt: (one: (typeof found)[number]) => boolean) => found.filter(isIt).length;
console.log(
  JSON.stringify({
    texts,
    share,
    repetitions: count,
    changed: numberOf(({ changed }) => changed.length > 0),
    confirmed: numberOf(({ isConfirmed }) => isConfirmed),
    namedTenant: numberOf(({ cause }) => cause === "tenant acme"),
    cpuSeconds: Math.round(process.cpuUsage().user / 1e6),
    seconds: Math.round((performance.now() - startedAt) / 1_000),
  }),
);
