import type { ConversionCheck } from "@treadle/contract";
import { AppError } from "../../../kernel/errors.ts";
import { newId } from "../../../kernel/ids.ts";
import type { Inference } from "../../../platform/inference/port.ts";

/** Texts of several kinds: what a rounding spoils shows in some of them. */
const TEXTS = [
  "The capital of France is Paris, and the river that runs through it is the Seine.",
  "Dear customer, your order 48213 of 17 March 2024 was sent today and will arrive within three days.",
  "def add(a, b):\n    return a + b\n\nprint(add(2, 3))",
  "Ein Apfel am Tag hält den Doktor fern. 😀 漢字",
  "Water boils at 100 degrees, and ice melts at 0. If it is colder than that, rivers freeze over.",
];
const ANSWER_TOKENS = 24;

type Engine = Pick<
  Inference,
  "inspect" | "register" | "unregister" | "isRegistered" | "load" | "generate" | "logprobs"
>;
type Looked = { readonly path: string; readonly reference: string | null; readonly signal: AbortSignal };
type Said = {
  /** Bytes of each token of all texts: two files with the same vocabulary cut them alike. */
  readonly tokens: readonly string[];
  readonly perplexity: number;
  readonly answers: readonly (readonly string[])[];
};

/**
 * Compares a file with the same weights in 16-bit floats in llama.cpp: whether it loads and tokenizes equally, its
 * perplexity, and how long its most likely answers agree. Throws if it cannot be loaded. A model that is too large for
 * this machine's memory is reported as such.
 */
export async function checkGguf(engine: Engine, { path, reference, signal }: Looked): Promise<ConversionCheck[]> {
  const report = await sayIn(engine, path, signal).catch(asTooLarge);
  if (typeof report === "string") return [{ ...check("load", null), message: `It was not loaded here: ${report}` }];
  const loads = { ...check("load", true), message: "llama.cpp loads the file and can run it." };
  const own = report.perplexity;
  if (reference === null)
    return [
      loads,
      { ...check("perplexity", null, own), message: `Its perplexity on five short texts is ${own.toPrecision(4)}.` },
    ];
  const meant = await sayIn(engine, reference, signal).catch(asTooLarge);
  if (typeof meant === "string")
    return [loads, { ...check("perplexity", null, own), message: `It could not be compared with F16: ${meant}` }];
  const isSame = JSON.stringify(report.tokens) === JSON.stringify(meant.tokens);
  if (!isSame)
    throw new AppError("model_failed", {
      message: "The file splits texts into different tokens than F16 does. Try again.",
    });
  return [loads, ...compare(report, meant)];
}

function compare(found: Said, meant: Said): ConversionCheck[] {
  const change = (found.perplexity / meant.perplexity - 1) * 100;
  const agreement = agreementOf(found.answers, meant.answers);
  return [
    {
      ...check("tokens", true, found.tokens.length),
      message: `It splits five texts into the same ${found.tokens.length} tokens as F16.`,
    },
    {
      ...check("perplexity", null, found.perplexity),
      reference: meant.perplexity,
      message: `Its perplexity on five short texts is ${found.perplexity.toPrecision(4)}, ${change < 0 ? "" : "+"}${change.toFixed(2)} % compared with F16.`,
    },
    {
      ...check("agreement", null, agreement),
      message: `Its most likely answers match F16 for ${(agreement * 100).toFixed(0)} % of their tokens, up to the first difference.`,
    },
  ];
}

const check = (name: ConversionCheck["name"], passed: boolean | null, value: number | null = null) => ({
  name,
  passed,
  value,
  reference: null,
});

/** Of all tokens of the expected answers, the share before the first difference. */
function agreementOf(found: Said["answers"], meant: Said["answers"]): number {
  let same = 0;
  let all = 0;
  for (const [at, answer] of meant.entries()) {
    const other = found[at] ?? [];
    const differs = answer.findIndex((token, place) => token !== other[place]);
    same += differs === -1 ? answer.length : differs;
    all += answer.length;
  }
  return all === 0 ? 1 : same / all;
}

/** A file is not worse because the machine has too little memory for it. */
function asTooLarge(error: unknown): string {
  const isMemory =
    error instanceof AppError &&
    (error.code === "overloaded" ||
      (typeof error.details === "object" && error.details !== null && "neededBytes" in error.details));
  if (isMemory) return error.message;
  throw error;
}

/** Loads a file under a temporary name, queries it, and unloads it. */
async function sayIn(engine: Engine, path: string, signal: AbortSignal): Promise<Said> {
  const { kind, sizeBytes, memoryBytes, contextTokens } = await engine.inspect(path);
  if (kind === "embedding")
    throw new AppError("unprocessable", {
      message: "It is an embedding model, and only chat models can be converted.",
    });
  const id = newId("check", Date.now());
  engine.register({ id, kind, path, sizeBytes, memoryBytes, contextTokens, temperature: 0 });
  try {
    await engine.load(id);
    return await say(engine, id, signal);
  } finally {
    await engine.unregister(id);
  }
}

async function say(engine: Engine, modelId: string, signal: AbortSignal): Promise<Said> {
  const read = [];
  for (const text of TEXTS) read.push(...(await engine.logprobs({ modelId, prompt: null, text }, signal)).tokens);
  const mean = read.reduce((sum, { logprob }) => sum + logprob, 0) / read.length;
  const answers = [];
  for (const text of TEXTS)
    answers.push(await answer(engine, { modelId, text: text.slice(0, text.length / 2) }, signal));
  return { tokens: read.map(({ bytes }) => bytes.join(" ")), perplexity: Math.exp(-mean), answers };
}

async function answer(engine: Engine, { modelId, text }: { modelId: string; text: string }, signal: AbortSignal) {
  const request = {
    modelId,
    prompt: { text },
    maxTokens: ANSWER_TOKENS,
    temperature: 0,
    topP: null,
    seed: null,
    stop: [],
    topLogprobs: 0,
    jsonSchema: null,
    tools: [],
    toolChoice: "none" as const,
  };
  const tokens: string[] = [];
  for await (const event of engine.generate(request, signal))
    if (event.type === "text") for (const { bytes } of event.logprobs ?? []) tokens.push(bytes.join(" "));
  return tokens;
}
