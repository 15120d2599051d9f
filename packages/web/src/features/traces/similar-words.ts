import { ApiError } from "../../api.ts";
import { formatCount, formatNumberOf } from "../../components/format.ts";

type Outcome = {
  comparedSpans: number;
  isPartial: boolean;
  /** How many of the newest were to be compared. */
  among: number;
  /** How many spans the filter and the time keep; undefined while that is not known. */
  total: number | undefined;
};

const spans = (count: number) => formatNumberOf(count, "span");

/** What the result stands on, in a sentence: nobody should take a part for the whole. */
export function summaryOf({ comparedSpans, isPartial, among, total }: Outcome): string {
  const most = Math.min(among, total ?? among);
  if (isPartial) return `Compared ${formatCount(comparedSpans)} of the newest ${spans(most)} before time was up.`;
  if (total === undefined) return `Compared ${spans(comparedSpans)}.`;
  if (total > among) return `Compared the newest ${formatCount(among)} of ${spans(total)}.`;
  const without = total - comparedSpans;
  return without > 0
    ? `Compared ${spans(comparedSpans)}; ${formatCount(without)} in this time hold${without === 1 ? "s" : ""} no text.`
    : `Compared all ${spans(total)} of this time.`;
}

/** Below this, two texts mostly share no more than their form. */
const CLOSE = 0.35;

/** What the rows are, so that the nearest of much that is far is not taken for a find. Rows come closest first. */
export function shownOf(rows: readonly { readonly similarity: number }[]): string {
  const [closest] = rows;
  if (!closest) return "";
  const shown = rows.length === 1 ? "The closest one is shown" : `The ${formatCount(rows.length)} closest are shown`;
  return closest.similarity < CLOSE ? `${shown}, but none is close.` : `${shown}.`;
}

type ModelState = "available" | "pulling" | "ready" | "loading" | "loaded" | "failed" | undefined;

/** What is being done while an answer is awaited. `failure` is why the try before this one failed. */
export function doingOf({
  model,
  among,
  failure,
}: {
  model: ModelState;
  among: number;
  failure: unknown;
}): readonly [doing: string, note: string] {
  if (failure)
    return [
      "Waiting for the embedding model…",
      failure instanceof ApiError ? failure.message : "The server did not answer; it is asked again.",
    ];
  if (model === "ready" || model === "loading")
    return ["Loading the embedding model…", "It ships with Treadle and takes a few seconds to load the first time."];
  return [
    `Comparing the newest ${formatCount(among)} spans with your words…`,
    "A text that was read once is not read again, so the next search is faster.",
  ];
}

export type Trouble = {
  title: string;
  /** What helps, beside trying again. */
  advice: string;
  /** Whether the page of local models says more. */
  isModel: boolean;
  canRetry: boolean;
};

/** What went wrong with a search, and what a person can do about it. */
export function troubleOf(error: unknown): Trouble {
  const code = error instanceof ApiError ? error.code : "";
  switch (code) {
    case "forbidden":
      return {
        title: "You may not look through these spans",
        advice: "Ask an owner or an admin of the project for the right to read its traces.",
        isModel: false,
        canRetry: false,
      };
    case "model_failed":
    case "not_found":
      return {
        title: "The embedding model is not there",
        advice: "It is started anew by itself. If it stays away, load it by hand among the local models.",
        isModel: true,
        canRetry: true,
      };
    case "overloaded":
      return {
        title: "The embedding model has no room yet",
        advice: "Other models are answering and hold the memory. It is loaded as soon as one of them is done.",
        isModel: true,
        canRetry: true,
      };
    case "unprocessable":
      return {
        title: "The embedding model does not fit",
        advice: "Whoever runs the server can give local models more memory.",
        isModel: true,
        canRetry: true,
      };
    default:
      return { title: "The spans could not be compared", advice: "", isModel: false, canRetry: true };
  }
}
