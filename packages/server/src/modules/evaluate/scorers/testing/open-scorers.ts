import {
  type ChatRequest,
  type GuardVerdict,
  type Permission,
  ScorerInput,
  ScorerRef,
  ScorerSample,
} from "@treadle/contract";
import { countListedWords } from "@treadle/guards";
import { sql } from "drizzle-orm";
import { systemClock } from "../../../../kernel/clock.ts";
import { AppError } from "../../../../kernel/errors.ts";
import { newId } from "../../../../kernel/ids.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { TextLogprobs } from "../../../../platform/inference/port.ts";
import { openTestPostgres } from "../../../../platform/postgres/testing/open-test-postgres.ts";
import { openSandbox } from "../../../../platform/sandbox/open.ts";
import { detectLanguage } from "../../../data/curation/index.ts";
import { createAudit } from "../../../system/audit/index.ts";
import type { GuardCheck, MeasuredText, ScorerMeans } from "../scoring/scorer-tools.ts";
import { createScorers } from "../service.ts";

/**
 * The model's response. A list contains the tokens of the answer, each with the log-probabilities of the alternatives.
 */
type Said = string | { readonly text: string; readonly logprobs: unknown };
export type Says = (request: ChatRequest, call: number) => Said | Promise<Said>;

/** A scripted model, vectors that count letters, and a web that responds from a table. */
export function openMeans() {
  const asked: ChatRequest[] = [];
  const fetched: { url: string; body: string }[] = [];
  let says: Says = () => "";
  let guards: (check: GuardCheck) => GuardVerdict = () => ({ action: "allow", texts: [], ms: 0 });
  let web: (url: string, body: string) => { status: number; body: string } = () => ({ status: 404, body: "" });
  const sandbox = openSandbox();
  const means: ScorerMeans = {
    async complete(_scope, request, signal) {
      signal.throwIfAborted();
      const said = await says(request, asked.push(request) - 1);
      const { text, logprobs } = typeof said === "string" ? { text: said, logprobs: undefined } : said;
      return {
        response: { model: request.model, choices: [{ message: { role: "assistant", content: text }, logprobs }] },
        traceId: "trace_1",
        spanId: "span_1",
        cost: { tokens: 100, costUsd: 0.01 },
      };
    },
    embed: async (_scope, texts) => texts.map(lettersOf),
    logprobs: async (_scope, text) => measuredBy(text),
    reward: async (_scope, request) => rewardedBy(request),
    readTexts: { language: detectLanguage, toxicWords: countListedWords },
    sandbox,
    checkGuards: async (_scope, check) => guards(check),
    async fetchOutside({ url, body }) {
      fetched.push({ url, body: String(body) });
      const { status, body: answer } = web(url, String(body));
      return { status, body: Buffer.from(answer) };
    },
  };
  return {
    means,
    asked,
    fetched,
    say(next: Says) {
      says = next;
      asked.length = 0;
    },
    guardBy(next: typeof guards) {
      guards = next;
    },
    serve(next: typeof web) {
      web = next;
      fetched.length = 0;
    },
    close: () => sandbox.close(),
  };
}

/** A model that finds a vowel likelier than anything else, and more so after a question. Each character is a token. */
function measuredBy({ modelId, text, question }: MeasuredText): TextLogprobs {
  if (modelId !== "local-one") throw new AppError("not_found", { message: `There is no local model "${modelId}".` });
  const likely = question === null ? 0.5 : 0.8;
  const tokens = Array.from(text, (token) => ({
    token,
    bytes: [...Buffer.from(token)],
    logprob: Math.log(/[aeiou]/.test(token) ? likely : 0.125),
  }));
  return { tokens, beginning: question === null ? "bos" : "prompt", promptTokens: 1 };
}

/** A reward model that likes long answers, and takes nothing but the first version of `likes-length`. */
function rewardedBy({ model, answer, messages }: Parameters<ScorerMeans["reward"]>[1]) {
  if (model !== "likes-length@v1")
    throw new AppError("unprocessable", { message: `${model} is not a reward model: its method is "sft".` });
  return { reward: answer.length - 5, tokens: JSON.stringify(messages).length, model };
}

const lettersOf = (text: string): number[] =>
  Array.from("abcdefghijklmnopqrstuvwxyz", (letter) => text.toLowerCase().split(letter).length - 1);

/** The real module over a real database, with scripted external services. Open it once per test file. */
export async function openScorers() {
  const postgres = await openTestPostgres();
  const world = openMeans();
  let now = Date.parse("2026-11-20T12:00:00.000Z");
  const clock = { now: () => now++, elapsed: systemClock.elapsed };
  const audit = createAudit({ db: postgres.db, clock });
  const names = new Map([["user_ada", "Ada"]]);
  const scorers = createScorers({ ...world.means, db: postgres.db, audit, clock, namesOf: async () => names });
  const projectId = newId("proj");
  await postgres.db.execute(sql`INSERT INTO projects (id, name, created_at) VALUES (${projectId}, 'Test', now())`);
  const permissions = new Set<Permission>(["gateway:use", "scorers:read", "scorers:write"]);
  const scope: Scope = { projectId, actor: "user_ada", userId: "user_ada", permissions };
  return {
    ...world,
    scorers,
    audit,
    scope,
    store: (input: object) => scorers.create(scope, ScorerInput.parse(input)),
    try: (ref: object, sample: object, who = scope) =>
      scorers.try(who, { ref: ScorerRef.parse(ref), sample: ScorerSample.parse(sample) }, new AbortController().signal),
    bind: (...refs: object[]) =>
      scorers.bind(
        scope,
        refs.map((ref) => ScorerRef.parse(ref)),
      ),
    async close() {
      await world.close();
      await postgres.close();
    },
  };
}
