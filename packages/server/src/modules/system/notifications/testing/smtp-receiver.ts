import { type AddressInfo, createServer, type Socket } from "node:net";

export type Mail = { readonly from: string; readonly to: readonly string[]; readonly data: string };

/** A local SMTP server that stores mails. `refuse` gives the answer to a recipient that is not accepted. */
export async function openSmtpReceiver({ refuse }: { readonly refuse?: (to: string) => string | null } = {}) {
  const mails: Mail[] = [];
  const server = createServer((socket) => converse(socket, { mails, refuse: refuse ?? (() => null) }));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    mails,
    close: () => new Promise<void>((resolve) => void server.close(() => resolve())),
  };
}

type Room = { readonly mails: Mail[]; readonly refuse: (to: string) => string | null };

function converse(socket: Socket, { mails, refuse }: Room): void {
  let mail = { from: "", to: [] as string[], data: "" };
  let isData = false;
  let rest = "";
  const say = (line: string) => socket.write(`${line}\r\n`);
  const addressIn = (line: string) => /<([^>]*)>/.exec(line)?.[1] ?? "";

  function command(line: string): void {
    const verb = line.slice(0, 4).toUpperCase();
    if (verb === "EHLO" || verb === "HELO") say("250 receiver.test");
    else if (verb === "MAIL") {
      mail = { from: addressIn(line), to: [], data: "" };
      say("250 OK");
    } else if (verb === "RCPT") {
      const refusal = refuse(addressIn(line));
      if (refusal === null) mail.to.push(addressIn(line));
      say(refusal ?? "250 OK");
    } else if (verb === "DATA") {
      isData = true;
      say("354 End with a dot");
    } else if (verb === "QUIT") {
      say("221 Bye");
      socket.end();
    } else say("250 OK");
  }
  socket.on("error", () => {});
  socket.on("data", (chunk) => {
    rest += chunk.toString();
    for (let end = rest.indexOf("\r\n"); end >= 0; end = rest.indexOf("\r\n")) {
      const line = rest.slice(0, end);
      rest = rest.slice(end + 2);
      if (!isData) command(line);
      else if (line === ".") {
        isData = false;
        mails.push(mail);
        say("250 Queued as 1");
      } else mail.data += `${line.startsWith(".") ? line.slice(1) : line}\n`;
    }
  });
  say("220 receiver.test ESMTP");
}
