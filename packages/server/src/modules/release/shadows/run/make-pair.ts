import { newId } from "../../../../kernel/ids.ts";
import type { MirrorAnswer } from "../../../build/gateway/index.ts";
import { compareAnswers, differs } from "../pairs/compare-answers.ts";
import { formOf, readAnswer, withForm } from "../pairs/read-answer.ts";
import type { PairRow } from "../stores/pair-store.ts";
import type { ShadowRow } from "../stores/shadow-store.ts";
import type { Waiting } from "./choose-calls.ts";
import type { Prepared } from "./prepare-request.ts";

type Mirrored = Pick<MirrorAnswer, "response" | "error"> & { readonly span: NonNullable<MirrorAnswer["span"]> };

/** Both sides of a mirrored request, compared. */
export function makePair({ id: shadowId, plan }: ShadowRow, item: Waiting, mirrored: Prepared & Mirrored): PairRow {
  const { request, isRedacted, span, response, error } = mirrored;
  const form = formOf(item.request);
  const primary = withForm(item.primary, form);
  const answer = withForm(readAnswer(span, response, plan.candidate), form);
  // Nobody cancels a mirrored call, so one that was ended took too long.
  const candidate =
    error?.code === "cancelled" ? { ...answer, status: "error" as const, errorType: "timeout" } : answer;
  const matches = compareAnswers(primary, candidate);
  return {
    id: newId("pair", item.at),
    shadowId,
    requestId: item.requestId,
    at: new Date(item.at),
    input: request.messages,
    isRedacted,
    primary,
    candidate,
    matches,
    differs: differs(matches),
  };
}
