// A parser process with readers that misbehave as broken or hostile documents make them do.
import { READERS } from "../formats/readers.ts";
import { answerDocuments } from "../parser/answer-documents.ts";

const readers = new Map(READERS);

/** The text says what to do. */
readers.set("text", async () => async ({ bytes }) => {
  const kept: unknown[] = [];
  const order = Buffer.from(bytes).toString();
  if (order === "hang") for (;;) kept.length = 0;
  if (order === "die") process.kill(process.pid, "SIGKILL");
  // One step beyond the limit, which ends the process and not only a thread.
  if (order === "leap") for (;;) kept.push(new Array(30_000_000).fill(0.5));
  if (order === "grow") for (;;) kept.push({ value: kept.length });
  if (order === "buffers") for (;;) kept.push(Buffer.alloc(50_000_000, 1));
  const port = /^fetch (\d+)$/.exec(order)?.[1];
  if (port) await fetch(`http://127.0.0.1:${port}/`);
  if (order === "files") throw new Error(String(process.permission.has("fs.read", "/etc/passwd")));
  throw new Error(`${order}: ${JSON.stringify(process.env)}`);
});

answerDocuments(readers);
