import { createHash } from "node:crypto";
import { readShape, type ScorerOutput } from "@treadle/contract";
import { AppError } from "../../../kernel/errors.ts";
import { KINDS } from "./kinds/all-kinds.ts";
import type { JudgeCalls, Kind, ScoreSample } from "./scoring/kind.ts";
import type { ScorerMeans } from "./scoring/scorer-tools.ts";

/** The model calls per sample, for cost estimates. */
export type JudgeAsks = {
  /** Empty for a scorer that asks none. */
  readonly calls: readonly JudgeCalls[];
  /** The tokens of each call apart from the sample. */
  readonly toldCharacters: number;
  /** The most that one answer may take. */
  readonly mostOutputTokens: number;
};

/** A kind with parameters that it takes. */
export type OpenedKind = {
  readonly kind: Kind;
  /** With the defaults filled in. */
  readonly params: Readonly<Record<string, unknown>>;
  readonly signature: string;
  readonly promptHash: string | null;
  readonly asks: JudgeAsks;
  readonly output: ScorerOutput;
  readonly score: ScoreSample;
};

export function findKind(id: string, place = "kind"): Kind {
  const kind = KINDS.find((known) => known.id === id);
  if (kind) return kind;
  throw new AppError("invalid_request", {
    message: `${place}: there is no scorer kind "${id}". Available kinds: ${KINDS.map((known) => known.id).join(", ")}.`,
    details: { param: place },
  });
}

/** Throws `invalid_request` for parameters that do not fit the kind, `unprocessable` for those that it cannot use. */
export function openKind(id: string, given: Readonly<Record<string, unknown>>, place = "params"): OpenedKind {
  const kind = findKind(id);
  const parsed = readShape(kind.params, given);
  if (!parsed.success) {
    const issues = parsed.error.issues.map(({ path, message }) => ({ path: [place, ...path].join("."), message }));
    throw new AppError("invalid_request", {
      message: `${issues
        .map(({ path, message }) => `${path} ${message}`)
        .slice(0, 5)
        .join("; ")} (scorer "${id}").`,
      details: { param: issues[0]?.path, issues },
    });
  }
  const params: Record<string, unknown> = Object.fromEntries(Object.entries(parsed.data ?? {}));
  const promptText = kind.prompt?.(params);
  const promptHash =
    promptText === undefined || promptText === "" ? null : createHash("sha256").update(promptText).digest("hex");
  const signature = kind.signature?.(params) ?? signatureOf(id, params);
  return {
    kind,
    params,
    promptHash,
    output: kind.output,
    asks: asksOf(kind, params, promptText ?? ""),
    signature: promptHash === null ? signature : `${signature}|prompt:${promptHash.slice(0, 12)}`,
    score: kind.open(params),
  };
}

function asksOf(kind: Kind, params: Readonly<Record<string, unknown>>, told: string): JudgeAsks {
  const { model, maxOutputTokens } = params;
  const isAsking = told !== "" && typeof model === "string" && model !== "";
  return {
    calls: kind.calls?.(params) ?? (isAsking ? [{ model, least: 1, most: 1 }] : []),
    toldCharacters: told.length,
    mostOutputTokens: typeof maxOutputTokens === "number" ? maxOutputTokens : Number.POSITIVE_INFINITY,
  };
}

/** Throws `unprocessable` for parameters that the kind finds fault with, such as code that cannot be read. */
export function refuseUnusable({ kind, params }: OpenedKind, means: Pick<ScorerMeans, "sandbox">): void {
  const problem = kind.check?.(params, means) ?? null;
  if (problem === null) return;
  throw new AppError("unprocessable", {
    message: `The scorer cannot be used: ${problem}`,
    details: { param: "params" },
  });
}

const LONG = 60;

/** For example `contains|mode:any|phrases:["yes"]`. Long values are replaced by a hash. */
function signatureOf(id: string, params: Readonly<Record<string, unknown>>): string {
  const options = Object.entries(params)
    .filter(([, value]) => value !== null && value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}:${short(typeof value === "string" ? value : JSON.stringify(value))}`);
  return [id, ...options].join("|");
}
const short = (text: string) =>
  text.length <= LONG && !/[|\n]/.test(text) ? text : createHash("sha256").update(text).digest("hex").slice(0, 12);
