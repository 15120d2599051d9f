import type { AnnotationTrigger, Span } from "@treadle/contract";
import { countOf } from "../../../../kernel/count-of.ts";
import { DAY_MS } from "../../../../kernel/day.ts";
import { AppError } from "../../../../kernel/errors.ts";
import type { Traces } from "../../../observe/traces/index.ts";
import { askedText, type Embed } from "../queues/asked-text.ts";

type NoveltyTrigger = Extract<AnnotationTrigger, { kind: "novelty" }>;
type Vector = readonly number[];
type Deps = { readonly picked: Traces["picked"]; readonly embed: Embed };
type Asked = {
  readonly projectId: string;
  readonly trigger: NoveltyTrigger;
  readonly filter: string;
  readonly spans: readonly Span[];
  readonly signal: AbortSignal;
};

/** So many of the days before stand for all of them. */
const REFERENCE = 300;
/** With fewer to hold against, everything would be new. */
const LEAST = 20;
const LONGEST_TEXT = 2_000;
/**
 * Spans about new topics: no known span of the reference days is as similar as the trigger's threshold. Throws
 * `unprocessable` while too little is known. Of similar new spans, the first is selected.
 */
export async function findNovel({ picked, embed }: Deps, asked: Asked): Promise<Span[]> {
  const { projectId, trigger, filter, spans, signal } = asked;
  const candidates = spans.filter((span) => askedText(span).trim() !== "");
  if (candidates.length === 0) return [];
  const known = await readKnown(picked, asked, Math.min(...candidates.map(({ startTime }) => Date.parse(startTime))));
  if (known.length < LEAST)
    throw new AppError("unprocessable", {
      message: `Only ${countOf(known.length, "span")} of the ${trigger.days} days before match. At least ${LEAST} are needed to detect new topics.`,
      details: { projectId, filter },
    });
  const texts = [...known, ...candidates].map((span) => askedText(span).slice(0, LONGEST_TEXT));
  const vectors = await embed(texts, signal);
  const places = novelAmong(vectors.slice(known.length), vectors.slice(0, known.length), trigger.below);
  return places.flatMap((place) => candidates[place] ?? []);
}

async function readKnown(picked: Traces["picked"], { projectId, trigger, filter }: Asked, untilMs: number) {
  const where = {
    filter,
    from: new Date(untilMs - trigger.days * DAY_MS).toISOString(),
    to: new Date(untilMs).toISOString(),
  };
  // The same of a day are drawn again, so that what was novel at noon is not at one.
  const seed = Math.floor(untilMs / DAY_MS);
  const keys = await picked.pick(projectId, where, { kind: "random", size: REFERENCE, seed });
  const spans: Span[] = [];
  for await (const { span } of picked.read(projectId, keys)) if (askedText(span).trim() !== "") spans.push(span);
  return spans;
}

/** The places of vectors whose nearest known one has a cosine below `below`. What was found new is known from then on. */
export function novelAmong(vectors: readonly Vector[], known: readonly Vector[], below: number): number[] {
  const knownVectors = known.map(unit);
  const places: number[] = [];
  for (const [place, vector] of vectors.entries()) {
    const direction = unit(vector);
    if (knownVectors.some((other) => dot(direction, other) >= below)) continue;
    places.push(place);
    knownVectors.push(direction);
  }
  return places;
}

function unit(vector: Vector): Vector {
  const length = Math.hypot(...vector);
  return length === 0 ? vector : vector.map((value) => value / length);
}

const dot = (one: Vector, other: Vector) => one.reduce((sum, value, place) => sum + value * (other[place] ?? 0), 0);
