/** The state of the playground: plain data, kept in the browser, so that nothing is lost by closing the page. */
export type ChatMessage = {
  id: string;
  role: "system" | "user" | "assistant";
  content: string;
  /** Pictures behind the text: `data:` addresses, or `https:` ones that the provider loads. */
  images?: readonly string[];
  /** A message that is more than text and pictures, such as a tool call or its result; it is sent as it is. */
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
/** One version of a stored prompt. */
export type PromptRef = { readonly name: string; readonly version: number };
export type ChatColumn = {
  id: string;
  /** Empty: the model of the column's stored prompt. */
  model: string;
  parameters: Parameters;
  /** The prompt of this column; not used while all columns share one. */
  messages: readonly ChatMessage[];
  /** Replaces the messages. */
  prompt?: PromptRef;
  /** A list of tools in OpenAI's shape, as text. */
  tools?: string;
  /** Further fields of the request, kept from the call it came from. */
  extra: Readonly<Record<string, unknown>>;
};
/** The dataset items to run on, and the source of each input. */
export type RowsChoice = {
  readonly datasetId: string;
  /** The number of a version, or `draft`. */
  readonly at: string;
  readonly count: number;
  readonly atOnce: number;
  /** Fields of the items, such as `inputs.question`, by the name of the input. */
  readonly mapping: Readonly<Record<string, string>>;
};
export type PlaygroundState = {
  isShared: boolean;
  messages: readonly ChatMessage[];
  columns: readonly ChatColumn[];
  /** What was typed for the inputs of the prompts, by name. */
  inputs?: Readonly<Record<string, string>>;
  rows?: RowsChoice | null;
  /** The canned result of a tool, by name. */
  canned?: Readonly<Record<string, string>>;
  /** Whether answers are shown as what differs from the first column's. */
  isDiff?: boolean;
};

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

/** A column that runs a stored prompt; its model and parameters apply until they are changed here. */
export const promptColumn = (prompt: PromptRef, model: string): ChatColumn => ({
  ...newColumn(model),
  prompt,
  parameters: { format: "text", schema: PARAMETERS.schema, isStreamed: true },
});

/** Two columns with a sample question. */
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

/** What a column is called where there is little room. */
export const columnName = ({ prompt, model }: Pick<ChatColumn, "prompt" | "model">): string =>
  prompt ? `${prompt.name} v${prompt.version}${model ? ` on ${model}` : ""}` : model || "Column without a model";

const isSaid = ({ content, raw, images = [] }: ChatMessage) =>
  raw !== undefined || images.length > 0 || content.trim() !== "";

/** The messages of a column that say anything. */
export const saidOf = (messages: readonly ChatMessage[]): readonly ChatMessage[] => messages.filter(isSaid);

/** A message in OpenAI's shape. */
export function wireMessage({ role, content, raw, images = [] }: ChatMessage): Readonly<Record<string, unknown>> {
  if (raw) return raw;
  if (images.length === 0) return { role, content };
  const text = content.trim() === "" ? [] : [{ type: "text", text: content }];
  return { role, content: [...text, ...images.map((url) => ({ type: "image_url", image_url: { url } }))] };
}

/** The request of a column as it goes over the wire, its inputs not filled in. Fields that are not set are left out. */
export function requestOf(column: ChatColumn, messages: readonly ChatMessage[]): Readonly<Record<string, unknown>> {
  const { temperature, top_p, max_tokens, seed, stop, format, schema } = column.parameters;
  const stops = stop?.split("\n").filter(Boolean) ?? [];
  const body = {
    model: column.model || undefined,
    prompt: column.prompt,
    messages: column.prompt ? undefined : saidOf(messages).map(wireMessage),
    ...column.extra,
    tools: listIn(column.tools) ?? column.extra.tools,
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

/** The list in a text. Undefined for an empty text, null for a text that is not a list. */
function readList(text = ""): readonly unknown[] | null | undefined {
  if (text.trim() === "") return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}
const listIn = (text: string | undefined) => readList(text) ?? undefined;

/** What is wrong with a text of tools, or undefined when it can be sent. */
export function toolsProblem(text: string | undefined): string | undefined {
  const list = readList(text);
  if (list === null) return "The tools are not a JSON list.";
  if (list && toolNames(text).length < list.length) return "Each tool needs a `function` with a `name`.";
  return undefined;
}

/** The names of the functions in a text of tools. */
export function toolNames(text: string | undefined): readonly string[] {
  return (listIn(text) ?? []).flatMap((tool) => {
    const called = isFields(tool) ? tool.function : undefined;
    return isFields(called) && typeof called.name === "string" && called.name !== "" ? [called.name] : [];
  });
}

/** Why a column cannot be sent yet, or undefined when it can. */
export function problemOf(column: ChatColumn, messages: readonly ChatMessage[]): string | undefined {
  if (!column.model && !column.prompt) return "Choose a model first.";
  if (!column.prompt && saidOf(messages).length === 0) return "Write a message first.";
  if (column.parameters.format === "json_schema" && !isJsonObject(column.parameters.schema))
    return "The JSON schema is not valid JSON.";
  return toolsProblem(column.tools);
}

type Fields = Readonly<Record<string, unknown>>;
const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export function isJsonObject(text: string): boolean {
  try {
    return isFields(JSON.parse(text));
  } catch {
    return false;
  }
}
