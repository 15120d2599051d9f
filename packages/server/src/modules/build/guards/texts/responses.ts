import { isRecord } from "../../../../kernel/is-record.ts";
import { mapPart, trustOfRole } from "./chat.ts";
import { mapArguments } from "./json-strings.ts";
import { type JsonRecord, mapContent, mapItems, mapText, type TextVisitor, withFields } from "./text-visitor.ts";

/** The texts of a request to the Responses API. */
export function mapResponses(request: JsonRecord, visitor: TextVisitor): JsonRecord {
  const { instructions, input } = request;
  const changes: Record<string, unknown> = {};
  if (typeof instructions === "string")
    changes.instructions = visitor.text(instructions, { trust: "system", path: "instructions" });
  if (typeof input === "string") changes.input = visitor.text(input, { trust: "user", path: "input" });
  if (Array.isArray(input))
    changes.input = mapItems(input, (item, place) =>
      isRecord(item) ? mapItem(item, visitor, `input.${place}`) : item,
    );
  return withFields(request, changes);
}

function mapItem(item: JsonRecord, visitor: TextVisitor, path: string): JsonRecord {
  const part = mapPart(visitor);
  switch (item.type ?? "message") {
    case "message": {
      const at = { trust: trustOfRole(item.role), path: `${path}.content` };
      return withFields(item, { content: mapContent(item.content, at, { visitor, part }) });
    }
    case "function_call": {
      const at = { trust: "tool-arguments", path: `${path}.arguments` } as const;
      if (typeof item.arguments !== "string") return item;
      return withFields(item, { arguments: mapArguments(item.arguments, visitor, at) });
    }
    case "custom_tool_call":
      return withFields(item, {
        input: mapText(item.input, visitor, { trust: "tool-arguments", path: `${path}.input` }),
      });
    case "function_call_output":
    case "custom_tool_call_output": {
      const at = { trust: "tool-result", path: `${path}.output` } as const;
      return withFields(item, { output: mapContent(item.output, at, { visitor, part }) });
    }
    case "reasoning":
      return mapReasoning(item, visitor, path);
    default:
      visitor.unknown({ trust: "user", path });
      return item;
  }
}

function mapReasoning(item: JsonRecord, visitor: TextVisitor, path: string): JsonRecord {
  const changes: Record<string, unknown> = {};
  for (const name of ["summary", "content"])
    if (Array.isArray(item[name])) {
      const at = { trust: "output", path: `${path}.${name}` } as const;
      changes[name] = mapContent(item[name], at, { visitor, part: mapPart(visitor) });
    }
  return withFields(item, changes);
}
