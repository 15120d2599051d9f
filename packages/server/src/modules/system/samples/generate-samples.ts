import type { Span } from "@treadle/contract";
import { DAY_MS } from "../../../kernel/day.ts";
import { adviceTopics } from "./advice-topics.ts";
import { buildTurn } from "./build-turn.ts";
import { orderTopics } from "./order-topics.ts";
import { createRandom, type Random } from "./random.ts";
import { flash, gpt, gptMini, haiku, sonnet } from "./sample-models.ts";
import { makeCall, type Setting, say } from "./sample-span.ts";
import type { Topic } from "./topic.ts";
import { type Moment, planVisits } from "./traffic.ts";

/** On every span, so that the sample data is not mistaken for real traffic. */
export const SAMPLE_TAG = "sample";

const NAMES = [
  "Ada",
  "Bruno",
  "Chiara",
  "Dmitri",
  "Elif",
  "Femi",
  "Greta",
  "Hugo",
  "Ines",
  "Jonas",
  "Keiko",
  "Liam",
] as const;
const SUMMARIZE =
  "Summarise the conversation for the colleague who takes over: the problem, what was done, what is open. Three lines at most.";
const TRANSLATE = "Translate the reply into German. Keep names, numbers and links as they are.";

/** A week of a made-up customer support application, the same for the same seed and time. `now` in milliseconds since 1970. */
export function generateSamples(now: number, seed = 20): Span[] {
  const random = createRandom(seed);
  return planVisits(now, random).flatMap((moment) => buildVisit(moment, now, random));
}

/** One customer's session: a question, often a second one, then now and then a summary or a translation. */
function buildVisit({ time, isIncident }: Moment, now: number, random: Random): Span[] {
  const topic = fillIn(random.chance(0.55) ? random.pick(orderTopics) : random.pick(adviceTopics), time, random);
  const customer = random.integer(1, 90);
  const model = [sonnet, gpt, gptMini][random.weighted([60, 28, 12])] ?? sonnet;
  const session = {
    random,
    environment: random.chance(0.06) ? "staging" : "production",
    userId: `customer-${1_000 + customer * 7}`,
    sessionId: `session-${random.hex(10)}`,
    tags: [SAMPLE_TAG, topic.intent],
    metadata: { channel: random.chance(0.7) ? "web" : "app", plan: customer % 4 === 0 ? "plus" : "free" },
  };
  const spans: Span[] = [];
  let next = time;
  for (let index = 0; index < topic.turns.length && next < now - 120_000; index++) {
    if (index > 0 && random.chance(0.35)) break;
    const setting: Setting = { ...session, traceId: random.hex(32), service: "support-api", endpoint: "support-agent" };
    const turn = buildTurn({ setting, topic, index, time: next, model, isIncident });
    spans.push(...turn);
    next += (turn[0]?.durationMs ?? 0) + random.integer(15_000, 90_000);
  }
  if (random.chance(0.22))
    spans.push(
      summarize(
        { ...session, traceId: random.hex(32), service: "ticket-worker", endpoint: "ticket-summary" },
        topic,
        next,
      ),
    );
  if (random.chance(0.12))
    spans.push(
      translate(
        { ...session, traceId: random.hex(32), service: "support-api", endpoint: "translate-reply" },
        topic,
        next,
      ),
    );
  return spans.filter((span) => Date.parse(span.startTime) + span.durationMs < now);
}

function summarize(setting: Setting, topic: Topic, time: number): Span {
  const conversation = topic.turns
    .map(({ user, assistant }) => `Customer: ${user}\nAssistant: ${assistant}`)
    .join("\n");
  const output = `Problem: ${topic.intent.replaceAll("_", " ")}.\nDone: answered from "${topic.documents[0]?.title}"${topic.tool ? ` and with ${topic.tool.name}` : ""}.\nOpen: nothing.`;
  return makeCall(setting, {
    name: "summarise ticket",
    kind: "generation",
    model: haiku,
    fixedTokens: 90,
    parentSpanId: "",
    time,
    input: [say("system", SUMMARIZE), say("user", conversation)],
    output: [{ ...say("assistant", output), finish_reason: "stop" }],
  });
}

/** The reply comes from a translation memory now and then: the exact cache answers. */
function translate(setting: Setting, topic: Topic, time: number): Span {
  const reply = topic.turns[0]?.assistant ?? "";
  const call = makeCall(setting, {
    name: "translate reply",
    kind: "generation",
    model: flash,
    fixedTokens: 40,
    parentSpanId: "",
    time,
    input: [say("system", TRANSLATE), say("user", reply)],
    output: [
      {
        ...say(
          "assistant",
          "Guten Tag! Vielen Dank für Ihre Nachricht. Wir haben uns darum gekümmert und melden uns, sobald es Neues gibt.",
        ),
        finish_reason: "stop",
      },
    ],
  });
  if (!setting.random.chance(0.3)) return call;
  return { ...call, isCacheHit: true, costUsd: 0, durationMs: 1.4, timeToFirstTokenMs: 0.9, attempts: [] };
}

/** Puts an order, a name and a date into the texts. */
function fillIn(topic: Topic, time: number, random: Random): Topic {
  const values: Readonly<Record<string, string>> = {
    order: `NF-${random.integer(204_000, 239_999)}`,
    name: random.pick(NAMES),
    date: new Date(time - random.integer(2, 4) * DAY_MS).toISOString().slice(0, 10),
  };
  const fill = (text: string) => text.replace(/\{(order|name|date)\}/g, (_, key: string) => values[key] ?? "");
  const { tool } = topic;
  return {
    ...topic,
    turns: topic.turns.map(({ user, assistant }) => ({ user: fill(user), assistant: fill(assistant) })),
    tool: tool && { name: tool.name, arguments: mapTexts(tool.arguments, fill), result: mapTexts(tool.result, fill) },
  };
}

const mapTexts = <Value>(record: Readonly<Record<string, Value>>, fill: (text: string) => string) =>
  Object.fromEntries(
    Object.entries(record).map(([key, value]) => [key, typeof value === "string" ? fill(value) : value]),
  );
