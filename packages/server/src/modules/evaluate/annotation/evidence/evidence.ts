import { createHash } from "node:crypto";
import type { PreferenceConflict, PreferenceKind } from "@treadle/contract";

/** A message of a chat, as items of datasets hold it. */
export type Message = Readonly<Record<string, unknown>> & { readonly role: string };

/** The author and the source, which are stored in the row. */
export type Origin = {
  readonly sourceIds: readonly string[];
  readonly annotators: readonly string[];
  readonly guidelineVersion: number | null;
  readonly isGuidelineCurrent: boolean;
  readonly consent: boolean;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly traceId: string | null;
  readonly spanId: string | null;
  readonly model: string;
};

type Asked = { readonly prompt: readonly Message[]; readonly tools: readonly unknown[] | null };

/** One person's judgement of one answer. */
export type AnswerEvidence = Asked & {
  readonly answer: readonly Message[];
  readonly correction: readonly Message[] | null;
  /** The expected output of a test. Undefined for none. */
  readonly expected?: unknown;
  readonly isGood: boolean | null;
  /** The place on its scale, from 0 for the worst to 1. */
  readonly rating: number | null;
  /** The same, made comparable among those who rate: how many standard deviations above the person's mean. */
  readonly scaled: number | null;
  readonly origin: Origin;
};

/** All judgements of one answer. */
export type JudgedAnswer = Omit<AnswerEvidence, "correction" | "expected"> & {
  /** The most frequent first. */
  readonly corrections: readonly (readonly Message[])[];
  readonly expected: readonly unknown[];
  /** The share of good or bad votes that agree with the majority. Null if there are none. */
  readonly agreement: number | null;
};

/** Two answers of which one is preferred. */
export type PairEvidence = Asked & {
  readonly kind: PreferenceKind;
  readonly chosen: readonly Message[];
  readonly rejected: readonly Message[];
  readonly chosenVariant: string;
  readonly rejectedVariant: string;
  readonly isTie: boolean;
  readonly votes: { readonly chosen: number; readonly rejected: number; readonly tie: number };
  readonly margin: number | null;
  readonly conflict: PreferenceConflict | null;
  readonly origin: Origin;
};

/** The text of answers, one below the other; calls of tools as JSON, so that two of them differ where they do. */
export const textOf = (messages: readonly Message[]): string =>
  messages
    .map(({ content, tool_calls: calls }) =>
      [
        typeof content === "string" ? content : content == null ? "" : JSON.stringify(content),
        calls && JSON.stringify(calls),
      ]
        .filter(Boolean)
        .join("\n"),
    )
    .join("\n");

/** Keys in the order of the alphabet, so that the same value is the same text. */
function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, inner]) => [key, ordered(inner)]));
}

/** 26 hexadecimal digits that stand for a value. */
export const keyOf = (value: unknown): string =>
  createHash("sha256")
    .update(JSON.stringify(ordered(value)))
    .digest("hex")
    .slice(0, 26);

export const promptKey = ({ prompt, tools }: Asked): string => keyOf([prompt, tools ?? []]);

/** The share of the votes that the chosen answer has; ties count half. */
export function agreementOf({ votes: { chosen, rejected, tie } }: Pick<PairEvidence, "votes">): number {
  const all = chosen + rejected + tie;
  return all === 0 ? 1 : (chosen + tie / 2) / all;
}

/** The combination of several judgements. The oldest time counts. */
export function mergeOrigins(origins: readonly [Origin, ...Origin[]]): Origin {
  const [first] = origins;
  return {
    ...first,
    sourceIds: [...new Set(origins.flatMap(({ sourceIds }) => sourceIds))],
    annotators: [...new Set(origins.flatMap(({ annotators }) => annotators))],
    isGuidelineCurrent: origins.every(({ isGuidelineCurrent }) => isGuidelineCurrent),
    consent: origins.every(({ consent }) => consent),
    createdAt: origins.map(({ createdAt }) => createdAt).sort()[0] ?? first.createdAt,
  };
}
