import { ApiError } from "../../api.ts";

/** The server's errors by parameter, such as `step.params.minWords`. */
export function paramErrors(error: unknown): Readonly<Record<string, string>> {
  const details = error instanceof ApiError ? error.details : undefined;
  const issues =
    typeof details === "object" && details !== null && "issues" in details && Array.isArray(details.issues)
      ? details.issues
      : [];
  return Object.fromEntries(
    issues.flatMap((issue: unknown) => {
      if (typeof issue !== "object" || issue === null || !("path" in issue) || !("message" in issue)) return [];
      const name = /params\.(\w+)/.exec(String(issue.path))?.[1];
      return name ? [[name, String(issue.message)]] : [];
    }),
  );
}
