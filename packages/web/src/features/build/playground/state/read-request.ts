import {
  type ChatColumn,
  type ChatMessage,
  newColumn,
  newMessage,
  type Parameters,
  type PromptRef,
} from "./playground-state.ts";

type Fields = Readonly<Record<string, unknown>>;
const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const number = (value: unknown) => (typeof value === "number" ? value : undefined);

/** A column that repeats a recorded or linked request. Fields that the form does not have are stored in `extra`. */
export function columnFrom(request: Fields): ChatColumn {
  const {
    model,
    messages,
    prompt,
    tools,
    temperature,
    top_p,
    max_tokens,
    max_completion_tokens,
    seed,
    stop,
    response_format,
    stream: _,
    stream_options: __,
    ...extra
  } = request;
  const list: readonly unknown[] = Array.isArray(messages) ? messages : [];
  const column = newColumn(typeof model === "string" ? model : "", list.flatMap(messageFrom));
  const stored = promptFrom(prompt);
  return {
    ...column,
    parameters: {
      ...column.parameters,
      temperature: number(temperature),
      top_p: number(top_p),
      max_tokens: number(max_tokens ?? max_completion_tokens),
      seed: number(seed),
      stop: typeof stop === "string" ? stop : Array.isArray(stop) ? stop.join("\n") : undefined,
      ...formatFrom(response_format),
    },
    ...(stored && { prompt: stored }),
    ...(Array.isArray(tools) && tools.length > 0 && { tools: JSON.stringify(tools, null, 2) }),
    extra,
  };
}

function promptFrom(value: unknown): PromptRef | undefined {
  if (!isFields(value) || typeof value.name !== "string" || typeof value.version !== "number") return undefined;
  return { name: value.name, version: value.version };
}

function messageFrom(value: unknown): ChatMessage[] {
  if (!isFields(value) || !("role" in value)) return [];
  const content = "content" in value ? value.content : "";
  const role = (["system", "user", "assistant"] as const).find((name) => name === value.role);
  const isPlain = role !== undefined && !("tool_calls" in value);
  if (isPlain && typeof content === "string") return [newMessage(role, content)];
  const pictured = isPlain ? picturesIn(content) : undefined;
  if (role && pictured) return [{ ...newMessage(role, pictured.text), images: pictured.images }];
  return [{ ...newMessage(role ?? "user", typeof content === "string" ? content : ""), raw: { ...value } }];
}

/** A text with pictures behind it, which the editor can show; undefined for any other content. */
function picturesIn(content: unknown): { text: string; images: readonly string[] } | undefined {
  if (!Array.isArray(content) || content.length === 0) return undefined;
  const first: unknown = content[0];
  const text = isFields(first) && first.type === "text" && typeof first.text === "string" ? first.text : undefined;
  const rest: readonly unknown[] = text === undefined ? content : content.slice(1);
  const images = rest.flatMap((part) => {
    const image = isFields(part) && part.type === "image_url" ? part.image_url : undefined;
    const isSimple = isFields(image) && Object.keys(image).length === 1;
    return isSimple && typeof image.url === "string" ? [image.url] : [];
  });
  return images.length === rest.length && images.length > 0 ? { text: text ?? "", images } : undefined;
}

function formatFrom(value: unknown): Pick<Parameters, "format"> & { schema?: string } {
  const { type, json_schema: schema } = (isFields(value) ? value : {}) as {
    type?: unknown;
    json_schema?: { schema?: unknown };
  };
  if (type === "json_schema" && schema?.schema)
    return { format: "json_schema", schema: JSON.stringify(schema.schema, null, 2) };
  return { format: type === "json_object" ? "json_object" : "text" };
}
