import type { Answer } from "@treadle/sdk";
import { UsageError } from "../../shared/usage-error.ts";

type Mapping = Answer<"POST /api/v1/dataset-files/:fileId/preview">["mapping"];
type Place = Mapping[number];

const PLACE = /^(?<to>inputs|expected|metadata|split|id|ignore)(?:\.(?<name>.+?))?(?::(?<parse>text|number|json))?$/s;

/** Mappings such as `text=inputs.question` or `score=metadata.score:number`. They override guesses. */
export function readMapping(given: readonly string[], guessed: Mapping): Mapping {
  const places = given.map(readPlace);
  const unknown = places.find(({ column }) => !guessed.some((one) => one.column === column));
  if (unknown)
    throw new UsageError(
      `The file has no column "${unknown.column}". Its columns: ${guessed.map(({ column }) => column).join(", ")}.`,
    );
  const isExpectedGiven = places.some(({ to }) => to === "expected");
  return guessed.map((guess) => {
    const own = places.find(({ column }) => column === guess.column);
    // One column was guessed as the expected answer. The guess is dropped if another column is mapped to it.
    return own ?? (isExpectedGiven && guess.to === "expected" ? { ...guess, to: "metadata" as const } : guess);
  });
}

function readPlace(text: string): Place {
  const at = text.lastIndexOf("=");
  const match = PLACE.exec(text.slice(at + 1))?.groups;
  const to = toTarget(match?.to);
  if (at < 1 || to === undefined)
    throw new UsageError(
      `--map ${text} is not a valid mapping. Examples: text=inputs.text, label=expected, score=metadata.score:number or note=ignore.`,
    );
  return { column: text.slice(0, at), to, name: match?.name ?? null, parse: toParse(match?.parse) };
}

const TARGETS = ["inputs", "expected", "metadata", "split", "id", "ignore"] as const;
const toTarget = (text: string | undefined) => TARGETS.find((target) => target === text);
const toParse = (text: string | undefined): Place["parse"] =>
  text === "text" || text === "number" || text === "json" ? text : "as-is";
