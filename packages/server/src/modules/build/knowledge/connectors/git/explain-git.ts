import { AppError } from "../../../../../kernel/errors.ts";

const ADVICE: readonly (readonly [RegExp, string])[] = [
  [/authentication failed|could not read (?:username|password)|\b40[13]\b/i, "Set a token that may read it."],
  [/remote branch .* not found|couldn't find remote ref/i, "Check the branch."],
  [
    /repository .* not found|does not (?:appear to be|exist)|\b404\b/i,
    "Check the address, and the token if it is private.",
  ],
  [
    /unable to update url base from redirection|redirect/i,
    "The address redirects. Use the address that it redirects to.",
  ],
  [/file size limit|file too large|SIGXFSZ/i, "It is too large. Use a smaller repository."],
];

/** An error for people from what git printed. */
export function explainGit(stderr: string, refusals: readonly string[]): AppError {
  const lines = stderr.split("\n").map((line) => line.trim());
  const last = lines.findLast((line) => /^(?:fatal|error):/.test(line)) ?? lines.findLast((line) => line !== "") ?? "";
  const reason = last
    .replace(/^(?:fatal|error):\s*/, "")
    .replaceAll(/\/\/[^/@\s]*@/g, "//")
    .slice(0, 500);
  const advice = ADVICE.find(([pattern]) => pattern.test(stderr))?.[1] ?? "Check the address and the branch.";
  const [refusal] = refusals;
  return new AppError("unprocessable", {
    message: refusal ?? `The repository could not be read: ${reason || "git was ended"}. ${advice}`,
  });
}
