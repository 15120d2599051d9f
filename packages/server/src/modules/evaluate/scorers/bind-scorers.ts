import type { Judged, ScorerKind, ScorerOutput, ScorerRef, ScorerSample } from "@treadle/contract";
import { AppError, notFound } from "../../../kernel/errors.ts";
import type { Scope } from "../../../kernel/scope.ts";
import { OutboundError } from "../../../platform/outbound/port.ts";
import type { Postgres } from "../../../platform/postgres/port.ts";
import { type Aggregate, aggregateJudged } from "./aggregate.ts";
import { type JudgeAsks, type OpenedKind, openKind, refuseUnusable } from "./open-kind.ts";
import { type FromStats, failed, type Verdict } from "./scoring/kind.ts";
import { openTools, type ScorerMeans } from "./scoring/scorer-tools.ts";
import { createScorerStore } from "./store.ts";

/** A scorer that is ready to score, with everything that its scores depend on held fast. */
export type BoundScorer = {
  /** The names of its scores, unique within a binding. */
  readonly key: string;
  readonly kind: string;
  readonly scorerId: string | null;
  readonly version: number | null;
  readonly params: Readonly<Record<string, unknown>>;
  readonly signature: string;
  readonly promptHash: string | null;
  readonly output: ScorerOutput;
  readonly needs: ScorerKind["needs"];
  readonly asks: JudgeAsks;
  /** Never throws for what a sample or a provider does: that is `undefined` or `failed`. Throws when it is aborted. */
  score(sample: ScorerSample, options: { signal: AbortSignal }): Promise<Judged>;
  aggregate(judged: readonly Judged[]): Aggregate;
  /** Further results of many scored samples, such as a confusion matrix. Omitted if there are none. */
  describe?(judged: readonly Judged[]): Readonly<Record<string, unknown>>;
  /** For a corpus metric: the score of many samples from the sums of their statistics. Null where it is the mean. */
  readonly fromStats: FromStats | null;
};

type Deps = { readonly db: Postgres } & ScorerMeans;
type Named = Pick<BoundScorer, "key" | "scorerId" | "version">;

/** Finds scorers and opens them for a project. */
export function createBinding({ db, ...means }: Deps) {
  /** Throws `unprocessable` for problems that only a full check finds. */
  function opening(kind: string, params: Readonly<Record<string, unknown>>, place: string): OpenedKind {
    const opened = openKind(kind, params, place);
    refuseUnusable(opened, means);
    return opened;
  }
  async function find(scope: Scope, ref: ScorerRef, place: string): Promise<Named & { opened: OpenedKind }> {
    if ("kind" in ref)
      return {
        key: ref.name ?? ref.kind,
        scorerId: null,
        version: null,
        opened: opening(ref.kind, ref.params, `${place}.params`),
      };
    const found = await createScorerStore(db).find(scope.projectId, ref.scorer, ref.version);
    if (!found) throw await lacking(scope, ref);
    const { scorer, version } = found;
    const named = { key: scorer.name, scorerId: scorer.id, version: version.version };
    return { ...named, opened: opening(scorer.kind, version.params, place) };
  }

  async function lacking(scope: Scope, { scorer, version }: { scorer: string; version?: number | undefined }) {
    const found = version === undefined ? undefined : await createScorerStore(db).find(scope.projectId, scorer);
    if (!found) return notFound("scorer", scorer);
    return new AppError("not_found", {
      message: `The scorer "${scorer}" has no version ${version}. Its newest version is ${found.scorer.latestVersion}.`,
      details: { kind: "scorer version", id: `${scorer}@${version}` },
    });
  }

  const bound = (scope: Scope, { opened, ...named }: Named & { opened: OpenedKind }): BoundScorer => {
    const { kind, params, signature, promptHash, output, asks } = opened;
    return {
      ...named,
      kind: kind.id,
      params,
      signature,
      promptHash,
      output,
      asks,
      needs: kind.needs,
      score: (sample, { signal }) => scoreSample({ means, scope, opened }, sample, signal),
      aggregate: (judged) => aggregateJudged(opened, judged),
      fromStats: kind.fromStats?.(params) ?? null,
      ...(kind.describe && { describe: (judged) => kind.describe?.(params, judged) ?? {} }),
    };
  };

  /** Throws `not_found` and `invalid_request` that name the reference by its place. */
  return async function bind(scope: Scope, refs: readonly ScorerRef[]): Promise<BoundScorer[]> {
    const found: BoundScorer[] = [];
    for (const [at, ref] of refs.entries()) {
      const scorer = bound(scope, await find(scope, ref, `scorers.${at}`));
      if (found.some(({ key }) => key === scorer.key))
        throw new AppError("invalid_request", {
          message: `scorers.${at}: "${scorer.key}" appears twice. Give one of them another \`name\`.`,
          details: { param: `scorers.${at}` },
        });
      found.push(scorer);
    }
    return found;
  };
}

type Scoring = { readonly means: ScorerMeans; readonly scope: Scope; readonly opened: OpenedKind };

async function scoreSample(
  { means, scope, opened }: Scoring,
  given: ScorerSample,
  signal: AbortSignal,
): Promise<Judged> {
  signal.throwIfAborted();
  const { tools, spent } = openTools(means, scope, signal);
  try {
    const verdict = await opened.score(given, tools);
    const { details } = verdict;
    const { promptHash } = opened;
    return { ...verdict, ...(details && promptHash !== null && { details: { ...details, promptHash } }), ...spent() };
  } catch (error) {
    signal.throwIfAborted();
    return { ...failedBy(error), ...spent() };
  }
}

/** The message of a provider, another server or a metric that rejects a text. Other errors are bugs. */
function failedBy(error: unknown): Verdict {
  if (error instanceof AppError) return failed(error.message, { errorCode: error.code });
  if (error instanceof OutboundError)
    return failed(`The scorer cannot be reached: ${error.message}`, { failure: error.kind });
  if (error instanceof RangeError) return failed(`The sample cannot be scored: ${error.message}.`);
  throw error;
}
