import type { AuditEntry, IncidentEvidence, IncidentSegment } from "@treadle/contract";
import { isRecord } from "../../../../kernel/is-record.ts";
import { wordOf } from "./dimensions.ts";
import type { ValueSums } from "./span-store.ts";

export type Change = IncidentEvidence["changes"][number];

/** The actions that can change how calls are answered or judged. */
export const CHANGE_WORDS = [
  "prompt.",
  "endpoint.",
  "model-alias.",
  "model-stage.",
  "rollout.",
  "deployment.",
  "ab-test.",
  "guard-policy.",
  "limit.",
  "connection.",
  "model-price.",
  "privacy.",
] as const;
/** Edits of drafts and moves of shares that a rollout causes by itself reach no caller, or are told by the rollout. */
const SILENT: ReadonlySet<string> = new Set(["rollout.created", "rollout.changed", "rollout.deleted", "prompt.create"]);

const OBJECTS: readonly (readonly [word: string, label: string, path: (entry: Named) => string | null])[] = [
  ["prompt.", "Prompt", ({ name }) => (name === "" ? "/prompts" : `/prompts/${encodeURIComponent(name)}`)],
  ["endpoint.", "Endpoint", () => "/endpoints"],
  ["model-alias.", "Model", ({ target }) => `/models/registry/${encodeURIComponent(target)}`],
  ["model-stage.", "Model", () => "/models"],
  ["rollout.", "Rollout", ({ target }) => `/rollouts/${target}`],
  ["deployment.", "Deployment", () => "/deployments"],
  ["ab-test.", "A/B test", ({ target }) => `/ab-tests/${target}`],
  ["guard-policy.", "Guard policy", ({ target, verb }) => (verb === "delete" ? "/guards" : `/guards/${target}`)],
  ["limit.", "Limit", () => "/limits"],
  ["connection.", "Provider connection", () => "/models/providers"],
  ["model-price.", "Price", () => "/models/prices"],
  ["privacy.", "Privacy settings", () => "/settings/privacy"],
];
type Named = { readonly name: string; readonly target: string; readonly verb: string };

/** The entries of the audit log as changes in words. `names` has the names of people and keys by their ids. */
export function describeEntries(
  entries: readonly AuditEntry[],
  { names, worst }: { readonly names: ReadonlyMap<string, string>; readonly worst: IncidentSegment | null },
): Change[] {
  return entries
    .filter(({ action }) => !SILENT.has(action))
    .map((entry) => describeEntry(entry, { actor: names.get(entry.actor) ?? entry.actor, worst }));
}

function describeEntry(
  entry: AuditEntry,
  { actor, worst }: { readonly actor: string; readonly worst: IncidentSegment | null },
): Change {
  const details = isRecord(entry.details) ? entry.details : {};
  const text = (name: string): string => {
    const value = details[name];
    return typeof value === "string" || typeof value === "number" ? String(value) : "";
  };
  const name = text("name") || text("endpoint") || text("slug") || text("model");
  const [, label = entry.action, pathOf] = OBJECTS.find(([word]) => entry.action.startsWith(word)) ?? [];
  const verb = entry.action.slice(entry.action.indexOf(".") + 1);
  const title = `${label} ${name || nameless(entry)}: ${whatOf(entry.action, text)}`.replace(/ {2,}/g, " ");
  const versions = [text("toVersion"), text("version")].filter((one) => one !== "").map((one) => `${name}@${one}`);
  const words = new Set([name, text("candidate"), text("to"), ...versions].filter((word) => word !== ""));
  return {
    at: entry.createdAt,
    kind: entry.action,
    title,
    actor,
    path: pathOf?.({ name, target: entry.target, verb }) ?? null,
    isRelated: (worst?.parts ?? []).some(({ value }) => words.has(value)),
  };
}
const nameless = ({ action, target }: AuditEntry): string => (action.startsWith("privacy.") ? "" : target);

type Read = (name: string) => string;
/** What was done, such as `label production moved from version 3 to 4`. */
function whatOf(action: string, text: Read): string {
  if (action.startsWith("prompt.label.")) return labelMove(text);
  if (action === "model-alias.move")
    return `alias ${text("alias")} moved from ${version(text("from"))} to ${version(text("to"))}`;
  if (action.startsWith("rollout.") || action.startsWith("ab-test."))
    return [pastOf(action), text("candidate") && `candidate ${text("candidate")}`, text("message")]
      .filter((part) => part !== "")
      .join(", ");
  const made = text("version");
  if (action === "prompt.version.create") return `version ${made} created`;
  return made === "" ? pastOf(action) : `${pastOf(action)}, version ${made}`;
}

function labelMove(text: Read): string {
  const [label, from, to] = [text("label"), text("fromVersion"), text("toVersion")];
  if (to === "") return `label ${label} removed from version ${from}`;
  return from === "" ? `label ${label} set on version ${to}` : `label ${label} moved from version ${from} to ${to}`;
}
const version = (text: string) => (text === "" ? "no version" : `version ${text}`);

const PAST: Readonly<Record<string, string>> = {
  create: "created",
  created: "created",
  update: "changed",
  delete: "deleted",
  save: "changed",
  set: "changed",
  start: "started",
  propose: "proposed",
  protect: "protection changed",
  recompute: "recomputed",
  "next-stage": "next stage",
  warned: "warning",
  holding: "holding",
};
function pastOf(action: string): string {
  const verb = action.slice(action.lastIndexOf(".") + 1);
  return PAST[verb] ?? verb.replaceAll("-", " ");
}

const VERSIONED: ReadonlySet<string> = new Set(["release", "promptVersion", "model", "provider", "variant", "rollout"]);

/** Releases, versions, models and variants that no earlier time range has. */
export function listAppeared(
  rows: { readonly now: readonly ValueSums[]; readonly earlier: readonly (readonly ValueSums[])[] },
  worst: IncidentSegment | null,
): Change[] {
  const known = new Set(rows.earlier.flat().map(({ dimension, value }) => `${dimension} ${value}`));
  const hasEarlier = rows.earlier.some((list) => list.some(({ dimension }) => dimension === ""));
  if (!hasEarlier) return [];
  return rows.now
    .filter(({ dimension, value }) => VERSIONED.has(dimension) && value !== "" && !known.has(`${dimension} ${value}`))
    .map(({ dimension, value, first }) => ({
      at: new Date(first).toISOString(),
      kind: "first-seen",
      title: `${capital(wordOf(dimension))} ${value} appears for the first time`,
      actor: "",
      path: null,
      isRelated: (worst?.parts ?? []).some((part) => part.dimension === dimension && part.value === value),
    }));
}
const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
