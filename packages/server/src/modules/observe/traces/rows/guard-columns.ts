import { isRecord } from "../../../../kernel/is-record.ts";

/** What the guards of a call found, by the attributes of its span: the policy and its version, the strongest action, the kinds, the language. */
export function guardColumns(attributes: Readonly<Record<string, unknown>>) {
  const policy = attributes["treadle.guard.policy"];
  if (typeof policy !== "string") return NONE;
  const {
    "treadle.guard.version": version,
    "treadle.guard.action": action,
    "treadle.guard.language": language = "",
  } = attributes;
  return {
    guard_policy: `${policy}@${String(version)}`.toWellFormed(),
    guard_action: String(action).toWellFormed(),
    guard_kinds: kindsOf(attributes["treadle.guard.findings"]),
    guard_language: String(language).toWellFormed(),
  };
}

const NONE = { guard_policy: "", guard_action: "", guard_kinds: [] as readonly string[], guard_language: "" };

function kindsOf(findings: unknown): readonly string[] {
  if (!Array.isArray(findings)) return [];
  const kinds = findings.flatMap((finding) => (isRecord(finding) ? [`${finding.detector}/${finding.kind}`] : []));
  return [...new Set(kinds)].map((kind) => kind.toWellFormed());
}
