import { createInterface } from "node:readline/promises";
import { text as readAll } from "node:stream/consumers";
import { type Client, readEvents } from "@treadle/sdk";
import type { Command } from "commander";
import pc from "picocolors";
import { connect, type ServerFlags, withServerFlags } from "../shared/connect.ts";
import { reportFailure } from "../shared/report-failure.ts";
import { UsageError } from "../shared/usage-error.ts";

type Flags = ServerFlags & { model?: string; system?: string };
type Message = { role: "system" | "user" | "assistant"; content: string };
/** What is read of a streamed chunk. */
type Chunk = {
  choices?: { delta?: { content?: string | null; reasoning_content?: string | null } }[];
  error?: { message?: string };
};

/** The exit code of a program that an interrupt ended. */
const INTERRUPTED = 130;

export function addChat(program: Command) {
  withServerFlags(
    program
      .command("chat")

      .argument("[question...]", "the question; if omitted, it is read from a pipe, or a conversation starts")
      .option(
        "--model <model>",
        "a local model, an endpoint, or connection-slug/model (default: the server's default model)",
      )
      .option("--system <text>", "the system message"),
  ).action((words: string[], flags: Flags) => run(words, flags).catch((error: unknown) => reportFailure(error, flags)));
}

async function run(words: string[], flags: Flags) {
  const { client, url } = connect(flags);
  const isConversation = words.length === 0 && process.stdin.isTTY === true;
  if (isConversation && flags.json)
    throw new UsageError("--json answers one question: give it as an argument or through a pipe.");
  const question = isConversation ? "" : (words.length > 0 ? words.join(" ") : await readAll(process.stdin)).trim();
  if (!isConversation && question === "")
    throw new UsageError('There is no question. Give one: treadle chat "What is a treadle?"');

  const model = flags.model ?? (await defaultModel(client));
  const messages: Message[] = flags.system ? [{ role: "system", content: flags.system }] : [];
  const asked: Message[] = [...messages, { role: "user", content: question }];
  if (isConversation) return converse(client, { model, url, told: messages });
  if (flags.json)
    return console.log(
      await (await client.send("POST /v1/chat/completions", { body: { model, messages: asked } })).text(),
    );
  await answer(client, { model, url, messages: asked });
}

async function defaultModel(client: Client): Promise<string> {
  const { items } = await client.call("GET /api/v1/models");
  const ready = items.filter(({ kind, state }) => kind === "chat" && ["ready", "loading", "loaded"].includes(state));
  const model = ready.find(({ isDefault }) => isDefault) ?? ready[0];
  if (model) return model.modelId;
  const waiting = items.find(({ kind, isDefault }) => kind === "chat" && isDefault);
  throw new Error(
    waiting?.state === "pulling"
      ? `${waiting.modelId} is still downloading. Try again when \`treadle pull ${waiting.modelId}\` reports that it is ready.`
      : `No local model is ready. Pull one (treadle pull ${waiting?.modelId ?? "NAME"}) or name another with --model.`,
  );
}

type Ask = { readonly model: string; readonly url: string; readonly messages: readonly Message[] };

/** Streams one answer to standard output and gives it back. */
async function answer(client: Client, { model, url, messages }: Ask): Promise<string> {
  const abort = new AbortController();
  const stop = () => abort.abort();
  process.once("SIGINT", stop);
  const startedAt = performance.now();
  let said = "";
  try {
    const body = { model, messages: [...messages], stream: true };
    const response = await client.send("POST /v1/chat/completions", { body, signal: abort.signal });
    for await (const data of readEvents(response.body ?? new ReadableStream())) {
      if (data === "[DONE]") break;
      const chunk: Chunk = JSON.parse(data);
      if (chunk.error) throw new Error(chunk.error.message ?? "The answer is incomplete: the connection ended.");
      const text = chunk.choices?.[0]?.delta?.content ?? "";
      process.stdout.write(text);
      said += text;
    }
    process.stdout.write("\n");
    const trace = response.headers.get("x-treadle-trace-id");
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    if (process.stderr.isTTY)
      process.stderr.write(pc.dim(`${model}, ${seconds} s${trace ? `, ${url}/traces/${trace}` : ""}\n`));
    return said;
  } catch (error) {
    if (!abort.signal.aborted) throw error;
    process.stdout.write("\n");
    process.exitCode = INTERRUPTED;
    return said;
  } finally {
    process.removeListener("SIGINT", stop);
  }
}

/** A conversation in the terminal. The end of input ends it. */
async function converse(
  client: Client,
  { model, url, told }: { model: string; url: string; told: readonly Message[] },
) {
  process.stderr.write(pc.dim(`${model} through ${url}. /new starts a new conversation, Ctrl-D quits.\n`));
  const terminal = createInterface({ input: process.stdin, output: process.stderr, prompt: "> " });
  // The terminal takes Ctrl-C for itself: it ends an answer that is running, or else the conversation.
  terminal.on("SIGINT", () => process.emit("SIGINT") || terminal.close());
  let isOpen = true;
  terminal.once("close", () => {
    isOpen = false;
  });
  let messages: Message[] = [...told];
  terminal.prompt();
  for await (const line of terminal) {
    const content = line.trim();
    if (content === "/new") messages = [...told];
    else if (content !== "") {
      messages.push({ role: "user", content });
      await answer(client, { model, url, messages }).then(
        (said) => messages.push({ role: "assistant", content: said }),
        (error: unknown) => {
          // The question stays unanswered and out of the conversation; the next one can still be asked.
          messages.pop();
          reportFailure(error, { url });
        },
      );
    }
    if (isOpen) terminal.prompt();
  }
  process.exitCode = 0;
}
