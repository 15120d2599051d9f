import { isDeepStrictEqual } from "node:util";
import type { ShadowAnswer, ShadowPair } from "@treadle/contract";
import { parseJson } from "./read-answer.ts";

type Matches = ShadowPair["matches"];
type Answered = Pick<ShadowAnswer, "status" | "text" | "toolCalls">;

/** Where the two answers of a pair agree. Without two answers there is nothing to compare. */
export function compareAnswers(primary: Answered, candidate: Answered): Matches {
  if (primary.status !== "ok" || candidate.status !== "ok") return { exact: null, json: null, tools: null };
  const tools = compareCalls(primary, candidate);
  return {
    exact: primary.text.trim() === candidate.text.trim() && tools !== false,
    json: compareJson(primary.text, candidate.text),
    tools,
  };
}

/** Whether a person should look at the pair. */
export const differs = ({ exact, json, tools }: Matches): boolean =>
  exact === null || tools === false || !(exact || json === true);

/** Only objects and lists count as JSON: a bare number or word is a text. */
function compareJson(one: string, other: string): boolean | null {
  const [left, right] = [parseJson(one), parseJson(other)];
  if (!isStructure(left) || !isStructure(right)) return null;
  return isDeepStrictEqual(left, right);
}

const isStructure = (value: unknown) => typeof value === "object" && value !== null;

/** The same calls in any order: models propose parallel calls in no fixed order. */
function compareCalls(one: Answered, other: Answered): boolean | null {
  if (one.toolCalls.length === 0 && other.toolCalls.length === 0) return null;
  if (one.toolCalls.length !== other.toolCalls.length) return false;
  const rest = other.toolCalls.map(toCall);
  return one.toolCalls.map(toCall).every((call) => {
    const place = rest.findIndex((candidate) => isDeepStrictEqual(candidate, call));
    if (place < 0) return false;
    rest.splice(place, 1);
    return true;
  });
}

/** Arguments are compared as JSON, so that spaces and the order of keys do not matter. */
const toCall = ({ name, arguments: given }: Answered["toolCalls"][number]) => ({
  name,
  given: given.trim() === "" ? {} : (parseJson(given) ?? given),
});
