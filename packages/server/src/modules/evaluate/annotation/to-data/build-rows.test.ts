import { DataRules, type DataShape } from "@treadle/contract";
import { expect, test } from "vitest";
import { createDropped, REASONS } from "../evidence/dropped.ts";
import type { AnswerEvidence, Message, Origin, PairEvidence } from "../evidence/evidence.ts";
import { balanceLabels } from "./balance-labels.ts";
import { buildRows } from "./build-rows.ts";

const messagesOf = (content: string, role = "assistant"): Message[] => [{ role, content }];
const ORIGIN: Origin = {
  sourceIds: ["s1"],
  annotators: ["ann"],
  guidelineVersion: 2,
  isGuidelineCurrent: true,
  consent: true,
  createdAt: "2026-11-01T00:00:00.000Z",
  traceId: "t1",
  spanId: "p1",
  model: "small",
};
const answer = (changes: Partial<AnswerEvidence> = {}, origin: Partial<Origin> = {}): AnswerEvidence => ({
  prompt: [{ role: "system", content: "Be brief." }, ...messagesOf("Where is my parcel?", "user")],
  tools: [{ type: "function", function: { name: "track" } }],
  answer: messagesOf("I do not know, sorry."),
  correction: null,
  isGood: null,
  rating: null,
  scaled: null,
  ...changes,
  origin: { ...ORIGIN, ...origin },
});
const pair = (changes: Partial<PairEvidence> = {}, origin: Partial<Origin> = {}): PairEvidence => ({
  kind: "pairwise",
  prompt: messagesOf("Say hello.", "user"),
  tools: null,
  chosen: messagesOf("Hello!"),
  rejected: messagesOf("No."),
  chosenVariant: "a",
  rejectedVariant: "b",
  isTie: false,
  votes: { chosen: 3, rejected: 1, tie: 0 },
  margin: 0.85,
  conflict: null,
  ...changes,
  origin: { ...ORIGIN, traceId: null, spanId: null, ...origin },
});

type Evidence = { answers?: AnswerEvidence[]; pairs?: PairEvidence[]; rules?: Partial<DataRules> };
function build(shape: DataShape, { answers = [], pairs = [], rules = {} }: Evidence) {
  const dropped = createDropped();
  const rows = buildRows({ answers, pairs, shape, dropped, rules: { ...DataRules.parse({}), ...rules } });
  return { rows, reasons: Object.fromEntries(dropped.list().map(({ reason, count }) => [reason, count])) };
}

test("a correction takes the place of the last answer, and system prompt, tools and source stay", () => {
  const { rows } = build("sft", { answers: [answer({ correction: messagesOf("It arrives on Monday.") })] });
  expect(rows).toMatchObject([
    {
      inputs: {
        messages: [
          { role: "system", content: "Be brief." },
          { role: "user", content: "Where is my parcel?" },
        ],
        tools: [{ type: "function" }],
      },
      expected: { role: "assistant", content: "It arrives on Monday." },
      source: { kind: "feedback", traceId: "t1", spanId: "p1", model: "small" },
      metadata: { kind: "correction", annotators: 1, consent: true, guidelineVersion: 2, sourceIds: ["s1"] },
      split: null,
    },
  ]);
});

test("of several corrections the most frequent is learned, whatever their order", () => {
  const answers = ["It is late.", "It arrives on Monday.", "It arrives on Monday."].map((content, place) =>
    answer({ correction: messagesOf(content) }, { sourceIds: [`s${place}`], annotators: [`ann ${place}`] }),
  );
  const { rows } = build("sft", { answers });
  expect(rows.map(({ expected }) => expected)).toEqual(messagesOf("It arrives on Monday."));
  expect(rows[0]?.metadata).toMatchObject({ annotators: 3, sourceIds: ["s0", "s1", "s2"] });
  expect(build("dpo", { answers }).rows).toHaveLength(2);
});

test("what an answer did before its last message goes in, so that only the last message is learnt", () => {
  const called: Message[] = [
    {
      role: "assistant",
      content: null,
      tool_calls: [{ id: "c1", type: "function", function: { name: "track", arguments: "{}" } }],
    },
    { role: "tool", tool_call_id: "c1", content: "Monday" },
    { role: "assistant", content: "On Monday." },
  ];
  const { rows } = build("sft", { answers: [answer({ answer: called, isGood: true })] });
  expect(rows[0]?.expected).toEqual({ role: "assistant", content: "On Monday." });
  expect(rows[0]?.inputs.messages).toHaveLength(4);
});

test("an answer is learnt only where most approve of it, clearly enough", () => {
  const voices = (good: number, bad: number) => [
    ...Array.from({ length: good }, (_, at) =>
      answer({ isGood: true }, { sourceIds: [`g${at}`], annotators: [`g${at}`] }),
    ),
    ...Array.from({ length: bad }, (_, at) =>
      answer({ isGood: false }, { sourceIds: [`b${at}`], annotators: [`b${at}`] }),
    ),
  ];
  expect(build("sft", { answers: voices(3, 1) }).rows).toMatchObject([
    { metadata: { agreement: 0.75, annotators: 4 } },
  ]);
  expect(build("sft", { answers: voices(5, 4) })).toEqual({ rows: [], reasons: { [REASONS.divided]: 1 } });
  expect(build("sft", { answers: voices(1, 3) }).reasons).toEqual({ [REASONS.unapproved]: 1 });
  expect(build("sft", { answers: [answer({ rating: 0.8 })] }).rows).toHaveLength(1);
  expect(build("sft", { answers: [answer({ rating: 0.7 })] }).reasons).toEqual({ [REASONS.middling]: 1 });
});

test("a correction against the original is a pair, unless it changes next to nothing", () => {
  const { rows } = build("dpo", { answers: [answer({ correction: messagesOf("On Monday.") })] });
  expect(rows).toMatchObject([
    {
      expected: { chosen: messagesOf("On Monday."), rejected: messagesOf("I do not know, sorry.") },
      metadata: { kind: "correction" },
    },
  ]);
  const long = "a word ".repeat(40);
  const same = build("dpo", { answers: [answer({ answer: messagesOf(long), correction: messagesOf(`${long}.`) })] });
  expect(same).toEqual({ rows: [], reasons: { [REASONS.unchanged]: 1 } });
  expect(build("dpo", { answers: [answer({ correction: messagesOf("I do not know, sorry.") })] }).rows).toEqual([]);
});

test("ties, the undecided and contradictions are no pairs, and each says why", () => {
  const pairs = [
    pair(),
    pair({ isTie: true }),
    pair({ votes: { chosen: 5, rejected: 4, tie: 0 } }),
    pair({ conflict: "contradiction" }),
    pair({ rejected: messagesOf("Hello!") }),
    pair({}, { isGuidelineCurrent: false }),
    pair({}, { consent: false }),
    pair({}, { sourceIds: ["again"] }),
  ];
  const { rows, reasons } = build("dpo", { pairs });
  expect(rows).toMatchObject([{ metadata: { margin: 0.85, agreement: 0.75 } }]);
  for (const reason of ["tie", "divided", "conflict", "same", "guideline", "consent", "duplicate"] as const)
    expect(reasons[REASONS[reason]]).toBe(1);
  const lenient = { consent: "any", guideline: "any", allowConflicts: true, minAgreement: 0.5 } as const;
  expect(build("dpo", { pairs, rules: lenient }).reasons).toEqual({
    [REASONS.duplicate]: 5,
    [REASONS.tie]: 1,
    [REASONS.same]: 1,
  });
});

test("a prompt has no more pairs than the limit, and retains the most certain pairs", () => {
  const pairs = [1, 2, 3].map((votes) =>
    pair({ chosen: messagesOf(`answer ${votes}`), votes: { chosen: votes, rejected: 1, tie: 0 }, margin: votes }),
  );
  const { rows, reasons } = build("reward", { pairs, rules: { pairsPerPrompt: 1, minAgreement: 0.5 } });
  expect(rows).toMatchObject([{ expected: { chosen: messagesOf("answer 3") }, metadata: { margin: 3 } }]);
  expect(reasons).toEqual({ [REASONS.tooMany]: 2 });
});

test("good and bad answers to one prompt are a pair, and so are ratings that lie apart, with the distance as margin", () => {
  const thumbs = [
    answer({ isGood: true }),
    answer({ answer: messagesOf("Go away."), isGood: false }, { sourceIds: ["s2"] }),
  ];
  expect(build("reward", { answers: thumbs }).rows).toMatchObject([
    {
      expected: { chosen: messagesOf("I do not know, sorry."), rejected: messagesOf("Go away.") },
      metadata: { margin: 1, sourceIds: ["s1", "s2"] },
    },
  ]);
  const rated = [
    answer({ rating: 0.5, scaled: -0.4 }),
    answer({ answer: messagesOf("Monday."), rating: 1, scaled: 1.1 }),
  ];
  expect(build("dpo", { answers: rated }).rows).toMatchObject([
    { expected: { chosen: messagesOf("Monday.") }, metadata: { margin: 1.5 } },
  ]);
  expect(build("dpo", { answers: rated.slice(0, 1) }).reasons).toEqual({ [REASONS.noPair]: 1 });
});

test("labels of single answers come with the weights that balance them", () => {
  const many = Array.from({ length: 9 }, (_, at) => answer({ answer: messagesOf(`good ${at}`), isGood: true }));
  const { rows } = build("kto", {
    answers: [...many, answer({ isGood: false }), answer({ answer: messagesOf("x"), rating: 0.5 })],
  });
  expect(rows).toHaveLength(10);
  expect(rows.at(-1)?.expected).toEqual({ completion: messagesOf("I do not know, sorry."), label: false });
  const weights = balanceLabels(rows);
  expect(weights).toMatchObject({ wanted: 9, unwanted: 1, desirableWeight: 1 });
  const share = (9 * (weights?.desirableWeight ?? 0)) / (weights?.undesirableWeight ?? 1);
  expect(share).toBeGreaterThanOrEqual(1);
  expect(share).toBeLessThanOrEqual(4 / 3 + 1e-12);
  expect(balanceLabels(build("dpo", { pairs: [pair()] }).rows)).toBeNull();
  const both = build("kto", { answers: [answer({ correction: messagesOf("On Monday.") })] }).rows;
  expect(both.map(({ expected }) => expected)).toEqual([
    { completion: messagesOf("I do not know, sorry."), label: false },
    { completion: messagesOf("On Monday."), label: true },
  ]);
});

test("a test expects what people say it should, before a correction and before an approved answer", () => {
  const corrected = answer({ expected: "Monday", correction: messagesOf("On Monday."), isGood: false });
  expect(build("evaluation", { answers: [corrected] }).rows[0]?.expected).toBe("Monday");
  expect(build("evaluation", { answers: [{ ...corrected, expected: undefined }] }).rows[0]?.expected).toEqual(
    messagesOf("On Monday.")[0],
  );
  expect(build("evaluation", { pairs: [pair()] }).reasons).toEqual({ [REASONS.onlyBetter]: 1 });
});

test("all rows of a prompt are in one split, about as many as asked, and the same again", () => {
  const pairs = Array.from({ length: 400 }, (_, at) =>
    pair({ prompt: messagesOf(`question ${at >> 1}`, "user"), chosen: messagesOf(`answer ${at}`) }),
  );
  const rules = { testShare: 0.25 };
  const { rows } = build("dpo", { pairs, rules });
  const byPrompt = Map.groupBy(rows, ({ inputs }) => JSON.stringify(inputs));
  for (const ofPrompt of byPrompt.values()) expect(new Set(ofPrompt.map(({ split }) => split)).size).toBe(1);
  const share = rows.filter(({ split }) => split === "test").length / rows.length;
  expect(Math.abs(share - 0.25)).toBeLessThan(0.08);
  expect(
    build("dpo", { pairs: pairs.toReversed(), rules })
      .rows.map(({ itemId }) => itemId)
      .sort(),
  ).toEqual(rows.map(({ itemId }) => itemId).sort());
});
