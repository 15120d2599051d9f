import type { Span } from "@treadle/contract";
import { readMessages } from "../../../data/datasets/index.ts";
import { readDocuments } from "../../../observe/traces/index.ts";
import { callsOf, type Message, type Step, splitMessages } from "./split-messages.ts";

/** A question to a model and all that followed: its calls of tools, their results, and its answer. */
export type Episode = {
  /** The first call of the model, whose tools and parameters were offered. */
  readonly first: Span;
  /** The call with the answer. */
  readonly last: Span;
  /** The calls of the model, oldest first. Some can be missing. */
  readonly calls: readonly Span[];
  readonly start: readonly Message[];
  /** The last step has no results if the recording ends with calls of tools. */
  readonly steps: readonly Step[];
  readonly answer: Message | null;
  readonly documents: readonly string[];
};
type Part = {
  readonly span: Span;
  readonly start: readonly Message[];
  readonly key: string;
  readonly steps: readonly Step[];
};
export type Built = { readonly episodes: readonly Episode[]; readonly merged: number; readonly skipped: number };

/** The episodes of some calls. Calls that belong to one exchange are one episode. `family` has all calls and retrievals of their traces. */
export function buildEpisodes(picked: readonly Span[], family: readonly Span[]): Built {
  const parts = Map.groupBy(family.filter(isCall).flatMap(partOf), ({ span }) => span.traceId);
  const retrievals = Map.groupBy(
    family.filter(({ kind }) => kind === "retrieval"),
    ({ traceId }) => traceId,
  );
  const episodes = new Map<string, Episode>();
  let skipped = 0;
  for (const span of picked) {
    const [part] = partOf(span);
    if (!part) skipped += 1;
    else {
      const episode = episodeOf(part, parts.get(span.traceId) ?? [], retrievals.get(span.traceId) ?? []);
      episodes.set(`${episode.last.traceId}:${episode.last.spanId}`, episode);
    }
  }
  const whole = withoutBeginnings([...episodes.values()]);
  return { episodes: whole, skipped, merged: picked.length - skipped - whole.length };
}

const isCall = ({ kind }: Span): boolean => kind === "generation";

function partOf(span: Span): Part[] {
  const messages = readMessages(span.input, "user");
  if (!isCall(span) || messages === null || messages.length === 0) return [];
  const { start, steps } = splitMessages(messages);
  return [{ span, start, steps, key: JSON.stringify(start) }];
}

function episodeOf(part: Part, others: readonly Part[], retrievals: readonly Span[]): Episode {
  const related = [...others.filter((other) => other.key === part.key && isOneExchange(part, other))];
  const last = related.reduce((best, one) => (one.steps.length > best.steps.length ? one : best), part);
  const calls = callsBefore(last, related);
  const answer = readMessages(last.span.output, "assistant")?.[0] ?? null;
  const asked = callsOf(answer ?? undefined);
  return {
    first: calls[0] ?? last.span,
    last: last.span,
    calls,
    start: last.start,
    steps: asked.length > 0 ? [...last.steps, { calls: asked }] : last.steps,
    answer,
    documents: documentsBefore(last.span, retrievals),
  };
}

/** One call for each step, the newest. */
function callsBefore(last: Part, related: readonly Part[]): Span[] {
  const byStep = new Map<number, Span>();
  for (const { span, steps } of related) if (steps.length < last.steps.length) byStep.set(steps.length, span);
  byStep.set(last.steps.length, last.span);
  return [...byStep].sort(([a], [b]) => a - b).map(([, span]) => span);
}

/** Whether one of two calls has the calls of tools of the other. */
function isOneExchange(one: Part, other: Part): boolean {
  const [short, long] = one.steps.length <= other.steps.length ? [one, other] : [other, one];
  return idsOf(short.steps) === idsOf(long.steps.slice(0, short.steps.length)) && isNextOf(short, long);
}

/** Two calls with the same steps are two exchanges, unless they are the same call. */
function isNextOf(short: Part, long: Part): boolean {
  if (short.steps.length === long.steps.length) return short.span.spanId === long.span.spanId;
  const asked = callsOf(readMessages(short.span.output, "assistant")?.[0]);
  return idsOf([{ calls: asked }]) === idsOf(long.steps.slice(short.steps.length, short.steps.length + 1));
}

const idsOf = (steps: readonly Step[]): string =>
  JSON.stringify(steps.map(({ calls }) => calls.map(({ id, name, arguments: given }) => [id, name, given])));

/** Drops an episode whose last calls are answered in another, which an application without traces sent in another trace. */
function withoutBeginnings(episodes: readonly Episode[]): Episode[] {
  const answered = new Set(
    episodes.flatMap(({ start, steps }) =>
      steps.flatMap(({ calls }) =>
        calls.flatMap(({ id, result }) => (id === "" || result === null ? [] : [`${id} ${JSON.stringify(start)}`])),
      ),
    ),
  );
  return episodes.filter(({ start, answer }) => {
    const asked = callsOf(answer ?? undefined);
    return asked.length === 0 || !asked.every(({ id }) => answered.has(`${id} ${JSON.stringify(start)}`));
  });
}

const documentsBefore = (last: Span, retrievals: readonly Span[]): string[] =>
  retrievals
    .filter(({ startTime }) => Date.parse(startTime) <= Date.parse(last.startTime))
    .flatMap(({ output }) => readDocuments(output) ?? [])
    .map(({ content }) => content);
