/** Splits a server-sent event stream into the text of its `data:` fields. Comments, names and ids are passed over. */
export async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder();
  const reader = body.getReader();
  let rest = "";
  let data: string[] = [];
  try {
    for (;;) {
      const { done, value } = await reader.read();
      rest += done ? `${decoder.decode()}\n\n` : decoder.decode(value, { stream: true });
      const lines = splitLines(rest, done);
      rest = lines.rest;
      for (const line of lines.complete) {
        if (line.startsWith("data:")) data.push(line.slice(line[5] === " " ? 6 : 5));
        if (line !== "" || data.length === 0) continue;
        yield data.join("\n");
        data = [];
      }
      if (done) return;
    }
  } finally {
    // The consumer may have stopped early; this frees the connection.
    await reader.cancel().catch(() => undefined);
  }
}

/** Complete lines, and the incomplete rest. A CR at the end is held back, since an LF may follow in the next chunk. */
function splitLines(text: string, isLast: boolean) {
  const end = !isLast && text.endsWith("\r") ? text.length - 1 : text.length;
  const lines = text.slice(0, end).split(/\r\n|\n|\r/);
  return { rest: (lines.pop() ?? "") + text.slice(end), complete: lines };
}
