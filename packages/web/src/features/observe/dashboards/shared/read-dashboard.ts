import { DashboardFile, readShape } from "@treadle/contract";
import { findJsonBreak } from "./json-break.ts";

/** A dashboard, or why a text is none: a sentence, and where several things are wrong each of them. */
export type Reading =
  | { readonly file: DashboardFile }
  | { readonly problem: string; readonly mistakes: readonly string[] };

/** More characters than sixty charts with the longest of filters have. */
const MOST_CHARACTERS = 2_000_000;

const wrong = (problem: string, mistakes: readonly string[] = []): Reading => ({ problem, mistakes });

/** Parses an exported dashboard, or reports what to fix. */
export function readDashboard(text: string): Reading {
  if (text.trim() === "") return wrong("Paste the JSON of a dashboard or choose a file.");
  if (text.length > MOST_CHARACTERS) return wrong("This file is too large for a dashboard.");
  const fault = findJsonBreak(text);
  if (fault) return wrong(`Invalid JSON at line ${fault.line}, column ${fault.column}. Expected ${fault.expected}.`);
  const value: unknown = JSON.parse(text);
  const stranger = strangerOf(value);
  if (stranger) return wrong(stranger);
  const { data, error } = readShape(DashboardFile, value);
  if (data) return { file: data };
  const mistakes = error.issues.map(({ path, message }) => `${placeOf(path, value)}: ${message}`);
  return wrong(
    mistakes.length === 1 ? "This dashboard has 1 error" : `This dashboard has ${mistakes.length} errors`,
    mistakes,
  );
}

/** The error for JSON that is not a dashboard of this format. */
function strangerOf(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return `This JSON is not a dashboard. Expected an object, but got ${nameOf(value)}.`;
  const { format, formatVersion } = Object(value);
  if (format !== "treadle-dashboard")
    return `This JSON is not a Treadle dashboard. Its “format” must be "treadle-dashboard", ${format === undefined ? "but is missing" : `but is ${JSON.stringify(format)?.slice(0, 60)}`}.`;
  if (typeof formatVersion === "number" && formatVersion > 1)
    return `This dashboard uses format version ${formatVersion}, but this server reads version 1. Update Treadle, or export the dashboard from an older version.`;
  return undefined;
}

function nameOf(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "a list" : `a ${typeof value === "string" ? "text" : typeof value}`;
}

/** Where in a dashboard something is, as a person would look for it: `Chart 2 “Cost by model”, query.measures`. */
function placeOf(path: readonly PropertyKey[], value: unknown): string {
  const [first, place, ...rest] = path;
  if (first !== "charts" || typeof place !== "number") return path.map(String).join(".") || "The dashboard";
  const title: unknown = Object(Object(value).charts)[place]?.title;
  const chart = `Chart ${place + 1}${typeof title === "string" && title !== "" ? ` “${title.slice(0, 60)}”` : ""}`;
  return rest.length > 0 ? `${chart}, ${rest.map(String).join(".")}` : chart;
}

/** A dashboard as an export writes it. */
export const writeDashboard = ({
  name,
  description,
  charts,
}: Pick<DashboardFile, "name" | "description" | "charts">): string =>
  `${JSON.stringify({ format: "treadle-dashboard", formatVersion: 1, name, description, charts }, null, 2)}\n`;
