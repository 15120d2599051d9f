import { RetrievalGridInput, RetrievalQuestionSetInput, type RetrievalRun, RetrievalRunInput } from "@treadle/contract";
import { expect, test } from "vitest";
import { useKnowledgeWorld } from "../../build/knowledge/testing/use-knowledge-world.ts";
import { createAudit } from "../../system/audit/index.ts";
import { createRetrieval } from "./service.ts";

const world = useKnowledgeWorld();
const clock = { now: () => Date.now(), elapsed: () => performance.now() };
const FILES = {
  "refunds.txt": "A refund takes 14 days. It is sent to the card that paid.",
  "shipping.txt": "A parcel arrives after three days. Express parcels arrive the next morning.",
  "returns.txt": "You may return shoes within a month. Socks cannot be returned.",
};
const QUESTIONS = [
  {
    questionId: "q1",
    question: "How long does a refund take?",
    relevant: [{ documentId: "refunds.txt", quote: "takes 14 days" }],
  },
  { questionId: "q2", question: "When does a parcel arrive?", relevant: [{ documentId: "shipping", grade: 2 }] },
  { questionId: "q3", question: "Who founded zebra mining?" },
];

function openRetrieval() {
  const { db, server } = world;
  return createRetrieval({
    db,
    jobs: server.jobs,
    knowledge: server.knowledge,
    audit: createAudit({ db, clock }),
    clock,
  });
}
type Retrieval = ReturnType<typeof openRetrieval>;

async function makeSet(retrieval: Retrieval, questions: readonly object[] = QUESTIONS) {
  const baseId = await world.create();
  const idOf = await world.upload(baseId, FILES);
  await world.index(baseId);
  const body = RetrievalQuestionSetInput.parse({ name: "Support", questions });
  const { questionSetId } = await retrieval.createSet(world.scope, baseId, body);
  return { baseId, idOf, questionSetId };
}

const start = (retrieval: Retrieval, setId: string, input: object = {}) =>
  retrieval.startRun(world.scope, setId, RetrievalRunInput.parse(input));

async function finish(retrieval: Retrieval, { retrievalRunId }: RetrievalRun): Promise<RetrievalRun> {
  await expect
    .poll(async () => (await retrieval.getRun(world.scope, retrievalRunId)).state, { timeout: 20_000, interval: 10 })
    .toMatch(/done|failed/);
  return retrieval.getRun(world.scope, retrievalRunId);
}

const query = (more: object = {}) => ({ limit: 50, cursor: undefined, search: undefined, ...more });
const meanOf = (run: RetrievalRun, wanted: string) => run.measures.find(({ measure }) => measure === wanted)?.mean;

test("a run measures each question, the means and a threshold for unanswerable questions", async () => {
  const retrieval = openRetrieval();
  const { questionSetId } = await makeSet(retrieval);
  const run = await finish(retrieval, await start(retrieval, questionSetId, { searching: { mode: "words" } }));
  expect(run).toMatchObject({ state: "done", questions: 3, answered: 3, failures: 0, lostJudgements: 0, version: 1 });
  expect(meanOf(run, "hit1")).toBe(1);
  expect(meanOf(run, "ndcg10")).toBe(1);
  expect(run.answerThreshold).toMatchObject({ signal: "words", answerable: 2 });
  const { items } = await retrieval.listResults(world.scope, run.retrievalRunId, query());
  expect(items.map(({ questionId, mrr10 }) => [questionId, mrr10])).toEqual([
    ["q1", 1],
    ["q2", 1],
    ["q3", null],
  ]);
  const { text } = await retrieval.exportRun(world.scope, run.retrievalRunId);
  expect(text).toMatch(/^q1 Q0 \S+ 1 \S+ rrun_\w+$/m);
});

test("judgements survive another text and another version, and a quote that is gone counts as missed", async () => {
  const retrieval = openRetrieval();
  const { baseId, questionSetId } = await makeSet(retrieval);
  await world.upload(baseId, { "refunds.txt": `Our rules of refunds.\n\n${FILES["refunds.txt"]}` });
  await world.index(baseId);
  const moved = await finish(retrieval, await start(retrieval, questionSetId));
  expect([moved.version, moved.lostJudgements, meanOf(moved, "recall")]).toEqual([2, 0, 1]);
  await world.upload(baseId, { "refunds.txt": "Money comes back soon." });
  await world.index(baseId);
  const gone = await finish(retrieval, await start(retrieval, questionSetId));
  expect([gone.version, gone.lostJudgements, meanOf(gone, "recall")]).toEqual([3, 1, 0.5]);
  const compared = await retrieval.compareRuns(world.scope, gone.retrievalRunId, {
    base: moved.retrievalRunId,
    measure: "recall",
    margin: 0,
  });
  expect(compared).toMatchObject({ leftOut: 0, verdict: "inconclusive" });
  expect(compared.changed).toMatchObject([{ questionId: "q1", base: 1, head: 0, difference: -1 }]);
});

test("questions that were judged differently in the two runs are not compared", async () => {
  const retrieval = openRetrieval();
  const { questionSetId, idOf } = await makeSet(retrieval);
  const first = await finish(retrieval, await start(retrieval, questionSetId));
  const hit = {
    question: "How long does a refund take?",
    documentId: idOf("returns.txt"),
    start: 0,
    end: 20,
    grade: 0,
  };
  await retrieval.judgeHit(world.scope, questionSetId, hit);
  const second = await finish(retrieval, await start(retrieval, questionSetId));
  const compared = await retrieval.compareRuns(world.scope, second.retrievalRunId, {
    base: first.retrievalRunId,
    measure: "ndcg10",
    margin: 0,
  });
  expect(compared.leftOut).toBe(1);
});

test("a grid compares each run with the first and corrects for their number", async () => {
  const retrieval = openRetrieval();
  const { questionSetId } = await makeSet(retrieval);
  const variants = [{ searching: { mode: "words" } }, { searching: { mode: "meaning" } }, { limit: 5 }];
  const grid = await retrieval.startGrid(world.scope, questionSetId, RetrievalGridInput.parse({ variants }));
  for (const { run } of grid.rows) await finish(retrieval, run);
  const { rows } = await retrieval.getGrid(world.scope, grid.gridId, { measure: "ndcg10", margin: 0 });
  expect(rows.map(({ difference }) => difference?.verdict ?? null)).toEqual([null, "inconclusive", "inconclusive"]);
  expect(rows.map(({ run }) => run.name)[0]).toBe("Version 1, words");
});

test("TREC topics and qrels are imported and exported, and JSONL comes back as it was", async () => {
  const retrieval = openRetrieval();
  const { baseId, questionSetId, idOf } = await makeSet(retrieval, []);
  const upload = (format: "jsonl" | "topics" | "qrels", text: string) =>
    retrieval.importQuestions(world.scope, questionSetId, { format, bytes: Buffer.from(text) });
  await upload("topics", "<top>\n<num> Number: 301\n<title> Refund\n time\n</top>");
  await upload("topics", "302\tParcel");
  await upload("qrels", "301 0 refunds.txt 2\n301 0 shipping 0\n301 0 returns -1\n");
  const { text: qrels } = await retrieval.exportQuestions(world.scope, questionSetId, "qrels");
  expect(qrels).toBe(`301 0 ${idOf("refunds.txt")} 2\n301 0 ${idOf("shipping.txt")} 0\n`);
  const { text: lines } = await retrieval.exportQuestions(world.scope, questionSetId, "jsonl");
  const other = await retrieval.createSet(world.scope, baseId, RetrievalQuestionSetInput.parse({ name: "Copy" }));
  const bytes = Buffer.from(lines);
  await retrieval.importQuestions(world.scope, other.questionSetId, { format: "jsonl", bytes });
  expect((await retrieval.exportQuestions(world.scope, other.questionSetId, "jsonl")).text).toBe(lines);
  expect((await retrieval.exportQuestions(world.scope, questionSetId, "topics")).text).toBe(
    "301\tRefund time\n302\tParcel\n",
  );
});

test("files and judgements with mistakes are rejected with their place", async () => {
  const retrieval = openRetrieval();
  const { questionSetId } = await makeSet(retrieval);
  const upload = (format: "jsonl" | "topics" | "qrels", text: string) =>
    retrieval.importQuestions(world.scope, questionSetId, { format, bytes: Buffer.from(text) });
  await expect(upload("jsonl", '{"question": "a"}\n{')).rejects.toThrow("Line 2 is not JSON");
  await expect(upload("jsonl", '{"question": ""}')).rejects.toThrow("Line 1: question");
  await expect(upload("topics", "no tab")).rejects.toThrow("Line 1 has no tab");
  await expect(upload("qrels", "q9 0 refunds.txt 1")).rejects.toThrow('no question "q9"');
  await expect(upload("qrels", "q1 0 refunds.txt 7")).rejects.toThrow("relevance 7");
  await expect(upload("qrels", "q1 0 unknown.txt 1")).rejects.toThrow('no document "unknown.txt"');
  const quote = { question: "a", relevant: [{ documentId: "refunds.txt", quote: "no such words" }] };
  await expect(upload("jsonl", JSON.stringify(quote))).rejects.toThrow('does not have the quote "no such words"');
});

test("a version that the base lacks, another project and a set without questions are refused", async () => {
  const retrieval = openRetrieval();
  const { questionSetId, baseId } = await makeSet(retrieval);
  await expect(start(retrieval, questionSetId, { version: 9 })).rejects.toThrow('no index version "9"');
  const stranger = await world.makeScope();
  await expect(retrieval.listSets(stranger, baseId, query())).rejects.toMatchObject({ code: "not_found" });
  await expect(retrieval.getSet(stranger, questionSetId)).rejects.toMatchObject({ code: "not_found" });
  const empty = await retrieval.createSet(world.scope, baseId, RetrievalQuestionSetInput.parse({ name: "Empty" }));
  await expect(start(retrieval, empty.questionSetId)).rejects.toThrow("has no questions");
});

test("a canceled run keeps its rankings, and a deleted set takes its runs along", async () => {
  const retrieval = openRetrieval();
  const { questionSetId } = await makeSet(retrieval);
  world.hooks.before = async ({ name }) => {
    if (name === "thread.search") await new Promise((resolve) => setTimeout(resolve, 300));
  };
  const run = await start(retrieval, questionSetId);
  await retrieval.cancelRun(world.scope, run.retrievalRunId);
  await expect
    .poll(async () => (await retrieval.getRun(world.scope, run.retrievalRunId)).state, { timeout: 10_000 })
    .toBe("cancelled");
  await retrieval.deleteSet(world.scope, questionSetId);
  await expect(retrieval.getRun(world.scope, run.retrievalRunId)).rejects.toMatchObject({ code: "not_found" });
});
