import { type AddressInfo, createServer, type Socket } from "node:net";
import { createSecureContext, createServer as createTlsServer, type SecureContext, TLSSocket } from "node:tls";

export type Mail = {
  readonly from: string;
  readonly to: readonly string[];
  readonly data: string;
  readonly isEncrypted: boolean;
};

type Options = {
  /** The answer to a recipient that is not accepted. */
  readonly refuse?: (to: string) => string | null;
  /** The certificate of the server. `tls` from the first byte, or `starttls`, which the server then requires. */
  readonly encryption?: { readonly kind: "tls" | "starttls"; readonly key: string; readonly cert: string };
  /** Without this sign-in, no mail is accepted. It is offered over TLS only. */
  readonly signIn?: { readonly user: string; readonly password: string };
};
type Room = Options & { readonly mails: Mail[]; readonly context: SecureContext | undefined };

/** A local SMTP server that stores mails. */
export async function openSmtpReceiver(options: Options = {}) {
  const { encryption } = options;
  const mails: Mail[] = [];
  const room = { ...options, mails, context: encryption && createSecureContext(encryption) };
  const greet = (socket: Socket) => {
    converse(socket, room);
    socket.write("220 receiver.test ESMTP\r\n");
  };
  const server = encryption?.kind === "tls" ? createTlsServer(encryption, greet) : createServer(greet);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    mails,
    close: () => new Promise<void>((resolve) => void server.close(() => resolve())),
  };
}

const addressIn = (line: string) => /<([^>]*)>/.exec(line)?.[1] ?? "";

function converse(socket: Socket, room: Room): void {
  const isEncrypted = socket instanceof TLSSocket;
  const mustEncrypt = room.context !== undefined && !isEncrypted;
  const say = (line: string) => void socket.write(`${line}\r\n`);
  let mail = { from: "", to: [] as string[], data: "", isEncrypted };
  let isSignedIn = room.signIn === undefined;
  let isData = false;

  const verbs: Readonly<Record<string, (line: string) => void>> = {
    EHLO: () => {
      const extensions = mustEncrypt ? ["STARTTLS"] : room.signIn ? ["AUTH PLAIN"] : [];
      for (const [place, one] of ["receiver.test", ...extensions].entries())
        say(`250${place === extensions.length ? " " : "-"}${one}`);
    },
    STARTTLS: () => {
      say("220 Ready");
      socket.removeAllListeners("data");
      if (room.context) converse(new TLSSocket(socket, { isServer: true, secureContext: room.context }), room);
    },
    AUTH: (line) => {
      const [, user, password] = Buffer.from(line.split(" ")[2] ?? "", "base64")
        .toString()
        .split("\0");
      isSignedIn = user === room.signIn?.user && password === room.signIn?.password;
      say(isSignedIn ? "235 OK" : "535 Authentication failed");
    },
    MAIL: (line) => {
      mail = { from: addressIn(line), to: [], data: "", isEncrypted };
      say(mustEncrypt || !isSignedIn ? "530 Sign in over TLS first" : "250 OK");
    },
    RCPT: (line) => {
      const refusal = room.refuse?.(addressIn(line)) ?? null;
      if (refusal === null) mail.to.push(addressIn(line));
      say(refusal ?? "250 OK");
    },
    DATA: () => {
      isData = true;
      say("354 End with a dot");
    },
    QUIT: () => {
      say("221 Bye");
      socket.end();
    },
  };
  eachLine(socket, (line) => {
    if (!isData) return (verbs[line.split(" ", 1)[0]?.toUpperCase() ?? ""] ?? (() => say("250 OK")))(line);
    if (line === ".") {
      isData = false;
      room.mails.push(mail);
      say("250 Queued as 1");
    } else mail.data += `${line.startsWith(".") ? line.slice(1) : line}\n`;
  });
}

function eachLine(socket: Socket, take: (line: string) => void): void {
  let rest = "";
  // A client that refuses the certificate ends the connection.
  socket.on("error", () => {});
  socket.on("data", (chunk) => {
    rest += chunk.toString("latin1");
    for (let end = rest.indexOf("\r\n"); end >= 0; end = rest.indexOf("\r\n")) {
      const line = rest.slice(0, end);
      rest = rest.slice(end + 2);
      take(line);
    }
  });
}
