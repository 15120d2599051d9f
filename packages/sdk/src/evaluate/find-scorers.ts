import type { Client } from "../client.ts";
import type { ScorerChoice, ScorerRef } from "./evaluation.ts";

/** A word is a kind with its defaults when there is one of that name, else a stored scorer, `name` or `name@3`. */
export async function findScorers(client: Client, given: readonly ScorerChoice[]): Promise<ScorerRef[]> {
  const { items: kinds } = await client.call("GET /api/v1/scorer-kinds");
  return given.map((one) => {
    if (typeof one !== "string") return one;
    if (kinds.some(({ kind }) => kind === one)) return { kind: one };
    const [, scorer = one, version] = /^(.*)@(\d+)$/s.exec(one) ?? [];
    return { scorer, ...(version !== undefined && { version: Number(version) }) };
  });
}

/** What its scores are called. */
export const scoreName = (ref: ScorerRef): string => ("kind" in ref ? (ref.name ?? ref.kind) : ref.scorer);
