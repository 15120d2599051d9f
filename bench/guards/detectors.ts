// CPU time of all deterministic detectors on a request of 4 KB and an answer of 1 KB, together and one by one, and on
// texts of 100 KB. Goals: 1 ms at p50 for the request and the answer, 20 ms for 100 KB. Prints the figures.
// Usage: node bench/guards/detectors.ts [--rounds 400]
import { parseArgs } from "node:util";
import {
  type BoundDetector,
  bindDetector,
  createMasks,
  createStreamGuard,
  DETECTORS,
  findAll,
  type Judging,
  prepareText,
} from "../../packages/guards/src/index.ts";

const { values } = parseArgs({ options: { rounds: { type: "string", default: "400" } } });
const ROUNDS = Number(values.rounds);
const REQUEST_LENGTH = 4096;
const ANSWER_LENGTH = 1024;
const LONG_LENGTH = 102_400;

const PARTS = [
  "Please summarize the attached report for the meeting on 2026-11-12 at 14:30 and name the open questions. ",
  'The response was {"status": "ok", "items": [{"id": 48213, "price": 19.99}], "next_cursor": null}. ',
  "Our customer writes that the order 4711-22 has not arrived; the tracking page shows nothing since Monday. ",
  "const total = items.reduce((sum, { price }) => sum + price, 0); // see https://docs.example.org/totals?page=2\n",
  "If the host does not answer within 30 seconds, retry 3 times with a back-off and then report the error. ",
  "Translate the following paragraph into French, keep the tone friendly, and do not change the product names. ",
];
const MARKED = "Write to ann@example.org or call +49 30 901820 about card 4111 1111 1111 1111. ";
const OTHER_ALPHABET = "Пожалуйста, проверьте отчёт и напишите, что нужно изменить — спасибо “заранее”. ";

const repeat = (parts: readonly string[], length: number) => {
  let text = "";
  for (let at = 0; text.length < length; at++) text += parts[at % parts.length];
  return text.slice(0, length);
};

/** Names of three syllables. */
const SYLLABLES = ["ba", "co", "du", "fe", "gi", "lo", "mu", "na", "po", "re"];
const WORDS = Array.from({ length: 500 }, (_, at) =>
  [...String(at * 97 + 100)].map((digit) => SYLLABLES[Number(digit)]).join(""),
);
const detectors: readonly BoundDetector[] = [
  bindDetector(DETECTORS.secrets, undefined),
  bindDetector(DETECTORS["personal-data"], {}),
  bindDetector(DETECTORS["invisible-text"], undefined),
  bindDetector(DETECTORS.urls, { allowedHosts: ["*.example.org"] }),
  bindDetector(DETECTORS.words, { words: WORDS, isWhole: false }),
  bindDetector(DETECTORS.competitors, { words: ["Initech", "Globex"] }),
  bindDetector(DETECTORS.patterns, { patterns: [{ name: "project", pattern: "PRJ-\\d{4}", flags: "" }] }),
  bindDetector(DETECTORS.profanity, {}),
  bindDetector(DETECTORS.code, undefined),
  bindDetector(DETECTORS.length, { mostTokens: 100_000 }),
];

/** An answer is also checked for what it tells of the system prompt. */
const leakDetectors: readonly BoundDetector[] = [
  bindDetector(DETECTORS.canary, { tokens: ["quillfeather"] }),
  bindDetector(DETECTORS["prompt-leak"], {
    systemPrompt: repeat(PARTS.slice(2, 4).toReversed(), 2000).split(" ").toReversed().join(" "),
  }),
];

/** The system counts CPU time in steps of 4 ms, so that many calls are measured together. */
const CALLS = 100;

/** Milliseconds of this thread's CPU per call: the median and the worst of the batches. */
function measure(rounds: number, run: () => void) {
  for (let round = 0; round < rounds; round++) run();
  const calls = Math.min(CALLS, rounds);
  const times = Array.from({ length: 7 }, () => {
    const before = process.threadCpuUsage();
    for (let call = 0; call < calls; call++) run();
    const { user, system } = process.threadCpuUsage(before);
    return (user + system) / 1000 / calls;
  }).toSorted((one, two) => one - two);
  return { p50: times[3] ?? 0, worst: times[6] ?? 0 };
}

function show(name: string, { p50, worst }: ReturnType<typeof measure>, goal?: number): void {
  const verdict = goal === undefined ? "" : p50 <= goal ? `  (goal ${goal}: met)` : `  (goal ${goal}: missed)`;
  console.log(`${name.padEnd(44)} p50 ${p50.toFixed(3)} ms   worst ${worst.toFixed(3)} ms${verdict}`);
}

const request = repeat(PARTS, REQUEST_LENGTH);
const answer = repeat(PARTS.toReversed(), ANSWER_LENGTH);
const both = (texts: readonly string[], list: readonly BoundDetector[]) => () => {
  for (const text of texts) findAll(prepareText(text), list);
};
const exchange = (asked: string, answered: string) => () => {
  findAll(prepareText(asked), detectors);
  findAll(prepareText(answered), [...detectors, ...leakDetectors]);
};

show("all, 4 KB request and 1 KB answer", measure(ROUNDS, exchange(request, answer)), 1);
show(
  "all, the same with personal data",
  measure(ROUNDS, exchange(MARKED + request.slice(MARKED.length), MARKED + answer.slice(MARKED.length))),
  1,
);
show(
  "all, the same in Cyrillic",
  measure(ROUNDS, exchange(repeat([OTHER_ALPHABET], REQUEST_LENGTH), repeat([OTHER_ALPHABET], ANSWER_LENGTH))),
);
const touch = (text: string) => {
  const { normalized, hidden } = prepareText(text);
  return normalized.text.length + hidden.length;
};
show(
  "  the views alone",
  measure(ROUNDS, () => touch(request) + touch(answer)),
);
for (const detector of [...detectors, ...leakDetectors])
  show(`  ${detector.name} alone, with views`, measure(ROUNDS, both([request, answer], [detector])));
show("  names alone, with views", measure(ROUNDS, both([request], [bindDetector(DETECTORS.names, {})])));
const long = Math.max(10, Math.floor(ROUNDS / 20));
show("all, 100 KB of prose and code", measure(long, both([repeat(PARTS, LONG_LENGTH)], detectors)), 20);
show(
  "all, 100 KB with personal data in each line",
  measure(long, both([repeat([MARKED, ...PARTS], LONG_LENGTH)], detectors)),
);
show("all, 100 KB in Cyrillic", measure(long, both([repeat([OTHER_ALPHABET], LONG_LENGTH)], detectors)));

/** A stream of an answer in pieces of about one token, under rules that read answers. */
const STREAM_RULES = ["secrets", "personal-data", "urls", "invisible-text", "words", "patterns", "profanity"] as const;
const optionsOf: Readonly<Record<string, unknown>> = {
  "personal-data": {},
  urls: { allowedHosts: ["*.example.org"] },
  words: { words: WORDS, isWhole: false },
  patterns: { patterns: [{ name: "project", pattern: "PRJ-\\d{4}", flags: "" }] },
  profanity: {},
};
const judgingOf = (names: readonly string[]): Judging => ({
  trust: "output",
  policy: {
    rules: names.map((detector) => ({
      detector,
      options: optionsOf[detector],
      scopes: ["output"],
      action: "redact",
      threshold: 0.5,
      failure: { "too-long": "closed", failed: "closed", timeout: "open", "unknown-content": "open" },
    })),
  },
  detectors: new Map(Object.entries(DETECTORS)) as Judging["detectors"],
  prepare: prepareText,
  masks: createMasks(),
  now: () => performance.now(),
});
const pieces = repeat(PARTS.toReversed(), 4 * ANSWER_LENGTH).match(/\s?\S{1,5}/g) ?? [];
const stream = (names: readonly string[]) => () => {
  const guard = createStreamGuard(judgingOf(names));
  for (const piece of pieces) guard.push(piece);
  guard.flush();
};
const perPiece = ({ p50, worst }: ReturnType<typeof measure>) => ({
  p50: (p50 / pieces.length) * 1000,
  worst: (worst / pieces.length) * 1000,
});
console.log(`A stream of ${pieces.length} pieces, time per piece:`);
for (const names of [["secrets"], ["personal-data"], ["secrets", "personal-data"], STREAM_RULES]) {
  const { p50, worst } = perPiece(measure(Math.max(5, Math.floor(ROUNDS / 40)), stream(names)));
  console.log(`  ${names.join(", ").padEnd(44)} p50 ${p50.toFixed(1)} µs   worst ${worst.toFixed(1)} µs  (goal 15)`);
}
