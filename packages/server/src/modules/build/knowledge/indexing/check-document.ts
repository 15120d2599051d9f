import { setImmediate } from "node:timers/promises";
import type { DocumentFinding, GuardRule, KnowledgeReading } from "@treadle/contract";
import type { ParsedText } from "@treadle/retrieval";
import { AppError } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { KnowledgeDeps } from "../stores/deps.ts";

/** Guards judge a text as a whole, so a document is judged in pieces. Pieces overlap, so that each attack is whole in one. */
type Pieces = { readonly characters: number; readonly overlap: number };

const POLICY_PIECES: Pieces = { characters: 6_000, overlap: 600 };
/**
 * In a long piece the detector takes ordinary text of other languages than English for an attack, and ordinary text hides an attack.
 * Of 70,000 such pieces of the Debian Reference in 8 languages, none reaches the threshold. Of pieces of 6,000 characters, up to 48 % do.
 */
const ATTACK_PIECES: Pieces = { characters: 200, overlap: 100 };
const MOST_FINDINGS = 100;

/** The built-in check. A document has many pieces, so the threshold is above that for prompts. */
const ATTACK_RULES: readonly GuardRule[] = [
  {
    detector: "injection",
    options: {},
    scopes: ["retrieved"],
    action: "block",
    fallback: "block",
    target: null,
    threshold: 0.97,
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
    const found = await judgePieces(means, parsed, {
      ...order,
      pieces: ATTACK_PIECES,
      by: { rules: [...ATTACK_RULES] },
    });
    results.push({ ...found, isHeld: found.isHeld && attacks === "quarantine" });
  }
  if (guardPolicyId !== null)
    results.push(
      await judgePieces(means, parsed, { ...order, pieces: POLICY_PIECES, by: { policyId: guardPolicyId } }),
    );
  return {
    findings: results.flatMap(({ findings }) => findings).slice(0, MOST_FINDINGS),
    isHeld: results.some(({ isHeld }) => isHeld),
  };
}

type Judging = Omit<Order, "reading"> & {
  readonly pieces: Pieces;
  readonly by: { readonly rules: GuardRule[] } | { readonly policyId: string };
};

async function judgePieces({ guards }: Means, parsed: ParsedText, judging: Judging): Promise<Checked> {
  const { scope, signal, by, pieces } = judging;
  const found = new Map<string, DocumentFinding>();
  let isHeld = false;
  for (const { start, text } of piecesOf(parsed.text, pieces)) {
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
function* piecesOf(text: string, { characters, overlap }: Pieces): Generator<{ start: number; text: string }> {
  let start = 0;
  while (start < text.length) {
    const end = endOf(text, start, characters);
    yield { start, text: text.slice(start, end) };
    if (end >= text.length) return;
    start = afterSpace(text, end - overlap, overlap / 2);
  }
}

function endOf(text: string, start: number, characters: number): number {
  const most = start + characters;
  if (most >= text.length) return text.length;
  const last = text.slice(most - characters / 4, most + 1);
  const line = last.lastIndexOf("\n");
  const place = line >= 0 ? line : last.lastIndexOf(" ");
  return place >= 0 ? most - characters / 4 + place : most;
}

/** The first place after a space within some characters of a place, or the place itself. */
function afterSpace(text: string, place: number, most: number): number {
  const space = text.slice(place, place + most).indexOf(" ");
  return space >= 0 ? place + space + 1 : place;
}

const pageAt = ({ pages }: ParsedText, offset: number): number | null =>
  pages.find(({ start, end }) => start <= offset && offset < end)?.number ?? null;
