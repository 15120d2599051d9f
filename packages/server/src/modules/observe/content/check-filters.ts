import { type ContentMark, type FilterNode, parseFilter, type Route } from "@treadle/contract";
import { AppError } from "../../../kernel/errors.ts";
import { isMeasure } from "../redaction/index.ts";
import { compileWalk } from "./walk-shape.ts";

type Input = { readonly query: unknown; readonly body: unknown };

/** Rejects filters that would tell a caller what the content is. Null if the route has no filter. */
export function compileFilterCheck({ query, body }: Pick<Route, "query" | "body">): ((input: Input) => void) | null {
  const walkQuery = query ? compileWalk(query, check) : null;
  const walkBody = body ? compileWalk(body, check) : null;
  if (walkQuery === null && walkBody === null) return null;
  return (input) => {
    walkQuery?.(input.query);
    walkBody?.(input.body);
  };
}

function check(mark: ContentMark, value: unknown): unknown {
  if (typeof value !== "string") return value;
  if (mark === "search" && value.trim() !== "") throw refused("`search`");
  if (mark === "filter") {
    const part = contentPartOf(parseFilter(value).filter);
    if (part !== null) throw refused(part);
  }
  return value;
}

/** The first condition of a filter that reads content, as a person wrote it. */
function contentPartOf(node: FilterNode | null): string | null {
  if (node === null) return null;
  if (node.type === "text") return "text without a field";
  if (node.type === "not") return contentPartOf(node.node);
  if (node.type === "field") return node.field === "attr" && !isMeasure(node.key, "") ? `\`attr.${node.key}\`` : null;
  return node.nodes.map(contentPartOf).find((part) => part !== null) ?? null;
}

const refused = (part: string) =>
  new AppError("forbidden", {
    message: `A filter by ${part} reads the content of traces. It needs the permission "traces:content". Filter by names, ids, times or numbers instead.`,
    details: { permission: "traces:content" },
  });
