import { ApiError } from "../../../../api.ts";
import { formatCount, formatNumberOf } from "../../../../components/text/format.ts";

type Outcome = {
  comparedSpans: number;
  isPartial: boolean;
  /** How many of the newest were to be compared. */
  among: number;
  /** How many spans the filter and the time keep; undefined while that is not known. */
  total: number | undefined;
};

const spans = (count: number) => formatNumberOf(count, "span");

/** Describes the coverage of the result, so that a partial result is not mistaken for a complete one. */
export function summaryOf({ comparedSpans, isPartial, among, total }: Outcome): string {
  const most = Math.min(among, total ?? among);
  if (isPartial) return `Compared ${formatCount(comparedSpans)} of the newest ${spans(most)} before the time limit.`;
  if (total === undefined) return `Compared ${spans(comparedSpans)}.`;
  if (total > among) return `Compared the newest ${formatCount(among)} of ${spans(total)}.`;
  const without = total - comparedSpans;
  return without > 0
    ? `Compared ${spans(comparedSpans)}; ${formatCount(without)} in this time range ${without === 1 ? "has" : "have"} no text.`
    : `Compared all ${spans(total)} in this time range.`;
}

/** Below this, two texts mostly share no more than their form. */
const CLOSE = 0.35;

/** What the rows are, so that the nearest of much that is far is not taken for a find. Rows come closest first. */
export function shownOf(rows: readonly { readonly similarity: number }[]): string {
  const [closest] = rows;
  if (!closest) return "";
  const shown =
    rows.length === 1 ? "Showing the closest span" : `Showing the ${formatCount(rows.length)} closest spans`;
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
      failure instanceof ApiError ? failure.message : "The server did not respond. Retrying…",
    ];
  if (model === "ready" || model === "loading")
    return ["Loading the embedding model…", "It ships with Treadle and takes a few seconds to load the first time."];
  return [
    `Comparing the newest ${formatCount(among)} spans with your words…`,
    "Treadle stores the processed texts, so the next search is faster.",
  ];
}

export type Trouble = {
  title: string;
  /** What helps in addition to a retry. */
  advice: string;
  /** Whether the local models page has more information. */
  isModel: boolean;
  canRetry: boolean;
};

/** The error of a search, and what the user can do about it. */
export function troubleOf(error: unknown): Trouble {
  const code = error instanceof ApiError ? error.code : "";
  switch (code) {
    case "forbidden":
      return {
        title: "You cannot search these spans",
        advice: "Ask a project owner or admin for permission to read traces.",
        isModel: false,
        canRetry: false,
      };
    case "model_failed":
    case "not_found":
      return {
        title: "The embedding model is not available",
        advice: "Treadle restarts it automatically. If it stays unavailable, load it under Local models.",
        isModel: true,
        canRetry: true,
      };
    case "overloaded":
      return {
        title: "The embedding model is waiting for memory",
        advice: "Other models are using the memory. The embedding model loads when one of them finishes.",
        isModel: true,
        canRetry: true,
      };
    case "unprocessable":
      return {
        title: "The embedding model does not fit",
        advice: "Ask the server administrator to give local models more memory.",
        isModel: true,
        canRetry: true,
      };
    default:
      return { title: "The spans could not be compared", advice: "", isModel: false, canRetry: true };
  }
}
