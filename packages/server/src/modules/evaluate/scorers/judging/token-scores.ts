import { isRecord } from "../../../../kernel/is-record.ts";
import type { Scale } from "./judge-params.ts";

type Weight = { readonly score: number; readonly probability: number };
type Token = { readonly token: string; readonly top: readonly { readonly token: string; readonly logprob: number }[] };

/** Less likely scores say more about the tokenizer than about the judge. */
const LEAST_PROBABILITY = 0.01;
const SCORE = /"score"\s*:\s*"?(\d+)/;

/**
 * The mean of the whole numbers that could have stood where the score stands, weighted by their probabilities (G-Eval). Null
 * without log-probabilities in OpenAI's shape, and where the score is not one token.
 */
export function expectedScore(
  raw: string,
  logprobs: unknown,
  { min, max }: Scale,
): { score: number; weights: Weight[] } | null {
  const tokens = readTokens(logprobs);
  const text = tokens.map(({ token }) => token).join("");
  const match = SCORE.exec(text);
  if (!match?.[1] || !SCORE.test(raw)) return null;
  const start = match.index + match[0].length - match[1].length;
  const place = tokenAt(tokens, start);
  if (!place || place.token.trim() !== match[1]) return null;
  const weights = place.top.flatMap(({ token, logprob }): Weight[] => {
    const [score, probability] = [Number(token.trim()), Math.exp(logprob)];
    const isScore = /^\s*\d+\s*$/.test(token) && score >= min && score <= max;
    return isScore && probability >= LEAST_PROBABILITY ? [{ score, probability }] : [];
  });
  const total = weights.reduce((sum, { probability }) => sum + probability, 0);
  if (total === 0) return null;
  return { score: weights.reduce((sum, { score, probability }) => sum + score * probability, 0) / total, weights };
}

function tokenAt(tokens: readonly Token[], offset: number): Token | undefined {
  let at = 0;
  for (const token of tokens) {
    at += token.token.length;
    if (at > offset) return token;
  }
  return undefined;
}

function readTokens(logprobs: unknown): Token[] {
  if (!isRecord(logprobs) || !Array.isArray(logprobs.content)) return [];
  return logprobs.content.flatMap((entry): Token[] => {
    if (!isRecord(entry) || typeof entry.token !== "string" || !Array.isArray(entry.top_logprobs)) return [];
    const top = entry.top_logprobs.flatMap((one: unknown) =>
      isRecord(one) && typeof one.token === "string" && typeof one.logprob === "number"
        ? [{ token: one.token, logprob: one.logprob }]
        : [],
    );
    return [{ token: entry.token, top }];
  });
}
