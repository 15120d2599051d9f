import { collectChat, collectResponse, type Fields, isFields, toUsage } from "./openai-answers.ts";
import type { Tracing } from "./tracing.ts";
import { type Call, type Recorder, wrapMethods } from "./wrap-methods.ts";

/**
 * The same OpenAI client, whose chat completions, responses, completions and embeddings are recorded as generations. A client
 * that points at Treadle's own gateway only carries the trace along: the gateway records the call itself.
 */
export function wrapOpenAI<Client extends object>(tracing: Tracing, client: Client): Client {
  const chat = { operation: "chat", kind: "generation", recorder: chatRecorder } as const;
  const responses = { operation: "chat", kind: "generation", recorder: responsesRecorder } as const;
  return wrapMethods(tracing, client, {
    "chat.completions.create": chat,
    "chat.completions.parse": chat,
    "chat.completions.stream": chat,
    "responses.create": responses,
    "responses.parse": responses,
    "responses.stream": responses,
    "completions.create": { operation: "text_completion", kind: "generation", recorder: chatRecorder },
    "embeddings.create": { operation: "embeddings", kind: "embedding", recorder: embeddingsRecorder },
  });
}

const CONTENT = new Set([
  "model",
  "messages",
  "input",
  "prompt",
  "instructions",
  "tools",
  "metadata",
  "user",
  "stream",
]);

function beginning(body: Fields, input: unknown): Call {
  const parameters = Object.fromEntries(
    Object.entries(body).filter(([name, value]) => !CONTENT.has(name) && value !== undefined && value !== null),
  );
  return {
    model: typeof body.model === "string" ? body.model : "",
    update: {
      provider: "openai",
      input,
      parameters,
      ...(Array.isArray(body.tools) && { attributes: { "gen_ai.tool.definitions": body.tools } }),
    },
  };
}

const chatRecorder: Recorder = (body) => ({
  ...beginning(body, body.messages ?? body.prompt),
  collect: collectChat,
});

const responsesRecorder: Recorder = (body) => {
  const asked = typeof body.input === "string" ? [{ role: "user", content: body.input }] : body.input;
  const system = typeof body.instructions === "string" ? [{ role: "system", content: body.instructions }] : [];
  return {
    ...beginning(body, Array.isArray(asked) ? [...system, ...asked] : asked),
    collect: collectResponse,
  };
};

const embeddingsRecorder: Recorder = (body) => ({
  ...beginning(body, body.input),
  collect: () => ({
    add() {},
    // The vectors are long and say nothing to a reader.
    finish: (whole) => (isFields(whole) ? { ...toUsage(whole.usage), ...modelOf(whole) } : {}),
  }),
});

const modelOf = ({ model }: Fields) => (typeof model === "string" ? { responseModel: model } : {});
