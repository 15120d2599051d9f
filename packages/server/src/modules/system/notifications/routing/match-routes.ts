import type { LabelMatcher, RouteInput } from "@treadle/contract";
import type { NoticeRow } from "../stores/notice-store.ts";

type Matched = Pick<NoticeRow, "severity" | "labels" | "subjectKind">;

/** The routes of a notice: each enabled one that matches, in order, up to the first that does not continue. */
export function matchRoutes<Route extends { readonly rule: RouteInput }>(
  routes: readonly Route[],
  notice: Matched,
): Route[] {
  const matched: Route[] = [];
  for (const route of routes) {
    const { isEnabled, severities, matchers, continues } = route.rule;
    const labels: Readonly<Record<string, string>> = { ...notice.labels, subject: notice.subjectKind };
    const isMatch = severities.includes(notice.severity) && matchers.every((matcher) => isMatched(matcher, labels));
    if (!isEnabled || !isMatch) continue;
    matched.push(route);
    if (!continues) break;
  }
  return matched;
}

function isMatched({ label, value, isNot }: LabelMatcher, labels: Readonly<Record<string, string>>): boolean {
  const text = Object.hasOwn(labels, label) ? (labels[label] ?? "") : "";
  return fits(text, value) !== isNot;
}

/** Whether a text fits a pattern, in which `*` stands for any text. Takes linear time, unlike a regular expression. */
function fits(text: string, pattern: string): boolean {
  const [first = "", ...parts] = pattern.split("*");
  if (parts.length === 0) return text === pattern;
  const last = parts.pop() ?? "";
  if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length) return false;
  const end = text.length - last.length;
  let at = first.length;
  for (const part of parts) {
    const found = text.indexOf(part, at);
    if (found < 0 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}
