/** The state of the playground: plain data, kept in the browser, so that nothing is lost by closing the page. */
export type ChatMessage = {
  id: string;
  role: "system" | "user" | "assistant";
  content: string;
  /** A message that is more than text, such as a tool call or its result; it is sent as it is. */
  raw?: Readonly<Record<string, unknown>>;
};
export type Parameters = {
  temperature?: number;
  top_p?: number;
  max_tokens?: number;
  seed?: number;
  stop?: string;
  format: "text" | "json_object" | "json_schema";
  /** A JSON schema as text, used when `format` asks for one. */
  schema: string;
  isStreamed: boolean;
};
export type ChatColumn = {
  id: string;
  model: string;
  parameters: Parameters;
  /** The prompt of this column; not used while all columns share one. */
  messages: readonly ChatMessage[];
  /** Further fields of the request, such as `tools`, kept from the call it came from. */
  extra: Readonly<Record<string, unknown>>;
};
export type PlaygroundState = { isShared: boolean; messages: readonly ChatMessage[]; columns: readonly ChatColumn[] };

export const newId = () => crypto.randomUUID().slice(0, 8);

const PARAMETERS: Parameters = {
  temperature: 0.7,
  max_tokens: 512,
  format: "text",
  isStreamed: true,
  schema: JSON.stringify(
    { type: "object", properties: { answer: { type: "string" } }, required: ["answer"], additionalProperties: false },
    null,
    2,
  ),
};

export const newMessage = (role: ChatMessage["role"], content = ""): ChatMessage => ({ id: newId(), role, content });

export const newColumn = (model: string, messages: readonly ChatMessage[] = []): ChatColumn => ({
  id: newId(),
  model,
  parameters: PARAMETERS,
  messages,
  extra: {},
});

/** Two columns beside each other, with a question to start from. */
export function initialState(models: readonly string[]): PlaygroundState {
  const messages = [
    newMessage("system", "You answer in two or three plain sentences."),
    newMessage("user", "What is a treadle, and what was it used for?"),
  ];
  const [first = "", second = first] = models;
  return { isShared: true, messages, columns: [newColumn(first, messages), newColumn(second, messages)] };
}

/** The messages a column sends: its own, or those that all share. */
export const messagesFor = (state: PlaygroundState, column: ChatColumn): readonly ChatMessage[] =>
  state.isShared ? state.messages : column.messages;

/** The request of a column as it goes over the wire. Fields that are not set are left out. */
export function requestOf(column: ChatColumn, messages: readonly ChatMessage[]): Readonly<Record<string, unknown>> {
  const { temperature, top_p, max_tokens, seed, stop, format, schema } = column.parameters;
  const stops = stop?.split("\n").filter(Boolean) ?? [];
  const body = {
    model: column.model,
    messages: messages
      .filter(({ content, raw }) => raw || content.trim() !== "")
      .map(({ role, content, raw }) => raw ?? { role, content }),
    ...column.extra,
    temperature,
    top_p,
    max_tokens,
    seed,
    stop: stops.length > 0 ? stops : undefined,
    response_format: responseFormat(format, schema),
  };
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
}

function responseFormat(format: Parameters["format"], schema: string) {
  if (format === "text") return undefined;
  if (format === "json_object") return { type: "json_object" };
  return { type: "json_schema", json_schema: { name: "answer", strict: true, schema: JSON.parse(schema) } };
}

/** Why a column cannot be sent yet, or undefined when it can. */
export function problemOf(column: ChatColumn, messages: readonly ChatMessage[]): string | undefined {
  if (!column.model) return "Choose a model first.";
  if (!messages.some(({ content, raw }) => raw || content.trim() !== "")) return "Write a message first.";
  if (column.parameters.format === "json_schema" && !isJsonObject(column.parameters.schema))
    return "The JSON schema is not valid JSON.";
  return undefined;
}

export function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

const number = (value: unknown) => (typeof value === "number" ? value : undefined);

/** A column that repeats a recorded or a linked request. What the form has no field for is kept in `extra`. */
export function columnFrom(request: Readonly<Record<string, unknown>>): ChatColumn {
  const {
    model,
    messages,
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
  return {
    ...newColumn(typeof model === "string" ? model : "", list.flatMap(messageFrom)),
    parameters: {
      ...PARAMETERS,
      temperature: number(temperature),
      top_p: number(top_p),
      max_tokens: number(max_tokens ?? max_completion_tokens),
      seed: number(seed),
      stop: typeof stop === "string" ? stop : Array.isArray(stop) ? stop.join("\n") : undefined,
      ...formatFrom(response_format),
    },
    extra,
  };
}

function messageFrom(value: unknown): ChatMessage[] {
  if (typeof value !== "object" || value === null || !("role" in value)) return [];
  const content = "content" in value ? value.content : "";
  const role = (["system", "user", "assistant"] as const).find((name) => name === value.role);
  const isPlain = role !== undefined && typeof content === "string" && !("tool_calls" in value);
  if (isPlain) return [newMessage(role, content)];
  return [{ ...newMessage(role ?? "user", typeof content === "string" ? content : ""), raw: { ...value } }];
}

function formatFrom(value: unknown): Pick<Parameters, "format"> & { schema?: string } {
  const { type, json_schema: schema } = (typeof value === "object" && value !== null ? value : {}) as {
    type?: unknown;
    json_schema?: { schema?: unknown };
  };
  if (type === "json_schema" && schema?.schema)
    return { format: "json_schema", schema: JSON.stringify(schema.schema, null, 2) };
  return { format: type === "json_object" ? "json_object" : "text" };
}
