import type { AnnotationTrigger, Span } from "@treadle/contract";
import { AppError } from "../../../kernel/errors.ts";
import type { Traces } from "../../traces/index.ts";
import { askedText, type Embed } from "../asked-text.ts";

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
const DAY_MS = 86_400_000;

/**
 * The spans that are about something nobody asked in the days before: of all that is known, nothing is as near in meaning as the
 * trigger asks. Throws `unprocessable` while too little is known. Among those that are new alike the first one is taken.
 */
export async function findNovel({ picked, embed }: Deps, asked: Asked): Promise<Span[]> {
  const { projectId, trigger, filter, spans, signal } = asked;
  const candidates = spans.filter((span) => askedText(span).trim() !== "");
  if (candidates.length === 0) return [];
  const known = await readKnown(picked, asked, Math.min(...candidates.map(({ startTime }) => Date.parse(startTime))));
  if (known.length < LEAST)
    throw new AppError("unprocessable", {
      message: `Only ${known.length} spans of the ${trigger.days} days before match; ${LEAST} are needed to tell what is new.`,
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
  const seen = known.map(unit);
  const places: number[] = [];
  for (const [place, vector] of vectors.entries()) {
    const direction = unit(vector);
    if (seen.some((other) => dot(direction, other) >= below)) continue;
    places.push(place);
    seen.push(direction);
  }
  return places;
}

function unit(vector: Vector): Vector {
  const length = Math.hypot(...vector);
  return length === 0 ? vector : vector.map((value) => value / length);
}

const dot = (one: Vector, other: Vector) => one.reduce((sum, value, place) => sum + value * (other[place] ?? 0), 0);
