import { setImmediate } from "node:timers/promises";
import type { DocumentFinding, GuardRule, KnowledgeReading } from "@treadle/contract";
import type { ParsedText } from "@treadle/retrieval";
import { AppError } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { KnowledgeDeps } from "../stores/deps.ts";

/** Guards judge a text as a whole, so a document is judged in pieces. Pieces overlap, so that each attack is whole in one. */
const PIECE_CHARACTERS = 6_000;
const OVERLAP_CHARACTERS = 600;
const MOST_FINDINGS = 100;

/**
 * The built-in check. A document has many pieces, so the threshold is above that for prompts: of 1,600 paragraphs of this
 * project's own guide, which writes about attacks, one reaches it.
 */
const ATTACK_RULES: readonly GuardRule[] = [
  {
    detector: "injection",
    options: {},
    scopes: ["retrieved"],
    action: "block",
    fallback: "block",
    target: null,
    threshold: 0.95,
    failure: {},
    budgetMs: 800,
  },
];

type Checked = { readonly findings: readonly DocumentFinding[]; readonly isHeld: boolean };
type Order = {
  readonly scope: Scope;
  readonly reading: KnowledgeReading;
  readonly signal: AbortSignal;
};
type Means = Pick<KnowledgeDeps, "guards">;

/** What the checks of a knowledge base find in a document, and whether it must stay out of searches. */
export async function checkDocument(means: Means, parsed: ParsedText, { reading, ...order }: Order): Promise<Checked> {
  const { attacks, guardPolicyId } = reading;
  const results: Checked[] = [];
  if (attacks !== "ignore") {
    const found = await judgePieces(means, parsed, { ...order, by: { rules: [...ATTACK_RULES] } });
    results.push({ ...found, isHeld: found.isHeld && attacks === "quarantine" });
  }
  if (guardPolicyId !== null)
    results.push(await judgePieces(means, parsed, { ...order, by: { policyId: guardPolicyId } }));
  return {
    findings: results.flatMap(({ findings }) => findings).slice(0, MOST_FINDINGS),
    isHeld: results.some(({ isHeld }) => isHeld),
  };
}

type Judging = Omit<Order, "reading"> & {
  readonly by: { readonly rules: GuardRule[] } | { readonly policyId: string };
};

async function judgePieces({ guards }: Means, parsed: ParsedText, { scope, signal, by }: Judging): Promise<Checked> {
  const found = new Map<string, DocumentFinding>();
  let isHeld = false;
  for (const { start, text } of piecesOf(parsed.text)) {
    signal.throwIfAborted();
    // Detectors judge on this thread, and a large document has thousands of pieces.
    await setImmediate();
    const verdict = await guards.check(scope, { text, trust: "retrieved", ...by }).catch(explain);
    isHeld ||= verdict.action === "block";
    for (const { detector, kind, score, ...place } of verdict.texts.flatMap(({ findings }) => findings)) {
      const at = { start: start + place.start, end: start + place.end };
      found.set(`${detector} ${kind} ${at.start}`, { detector, kind, score, ...at, page: pageAt(parsed, at.start) });
    }
  }
  return { findings: [...found.values()], isHeld };
}

function explain(error: unknown): never {
  if (error instanceof AppError && error.code === "not_found")
    throw new AppError("unprocessable", {
      message:
        "The guard policy of the knowledge base does not exist any more. Choose another one in the settings, and try again.",
      cause: error,
    });
  throw error;
}

/** Parts of a text that end at a line or a space where that is possible. */
function* piecesOf(text: string): Generator<{ start: number; text: string }> {
  let start = 0;
  while (start < text.length) {
    const end = endOf(text, start);
    yield { start, text: text.slice(start, end) };
    if (end >= text.length) return;
    start = afterSpace(text, end - OVERLAP_CHARACTERS);
  }
}

function endOf(text: string, start: number): number {
  const most = start + PIECE_CHARACTERS;
  if (most >= text.length) return text.length;
  const least = start + PIECE_CHARACTERS / 2;
  const line = text.lastIndexOf("\n", most);
  const place = line > least ? line : text.lastIndexOf(" ", most);
  return place > least ? place : most;
}

/** The first place after a space near a place, or the place itself. */
function afterSpace(text: string, place: number): number {
  const space = text.indexOf(" ", place);
  return space >= 0 && space < place + OVERLAP_CHARACTERS / 2 ? space + 1 : place;
}

const pageAt = ({ pages }: ParsedText, offset: number): number | null =>
  pages.find(({ start, end }) => start <= offset && offset < end)?.number ?? null;
