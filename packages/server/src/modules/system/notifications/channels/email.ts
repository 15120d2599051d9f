import { createHash } from "node:crypto";
import { createTransport, type SentMessageInfo } from "nodemailer";
import { isRecord } from "../../../../kernel/is-record.ts";
import { messageOf } from "../../../../kernel/message-of.ts";
import { type NoticeRow, subjectOf } from "../stores/notice-store.ts";
import type { StoredSettings } from "../stores/stored-settings.ts";
import type { Channel, Means, Outcome, Outgoing, Target } from "./channel.ts";
import { toHtml, toText } from "./email-text.ts";
import { cut, titleOf } from "./words.ts";

type Settings = Extract<StoredSettings, { kind: "email" }>;
const CONNECT_MS = 10_000;
const WAIT_MS = 15_000;
const MOST_SUBJECT = 250;

/** E-mail over SMTP, as text and HTML. All messages about one subject are one thread. */
export const email: Channel<Settings> = {
  combines: true,
  gapMs: 0,
  async send(target, message, means) {
    try {
      return outcomeOf(await sendMail(target, message, means));
    } catch (error) {
      return failureOf(error);
    }
  },
};

async function sendMail(target: Target<Settings>, message: Outgoing, means: Means) {
  const transport = openTransport(target, means);
  try {
    return await transport.sendMail(toMail(message, target.settings));
  } finally {
    transport.close();
  }
}

function openTransport({ settings, secrets }: Target<Settings>, { outbound }: Means) {
  const { host, port, security, username, from } = settings;
  return createTransport({
    host,
    port,
    name: domainOf(from),
    secure: security === "tls",
    requireTLS: security === "starttls",
    ignoreTLS: security === "none",
    ...(username !== "" && { auth: { user: username, pass: secrets.password ?? "" } }),
    connectionTimeout: CONNECT_MS,
    greetingTimeout: WAIT_MS,
    socketTimeout: WAIT_MS,
    // Addresses in messages must not make the library read files or URLs.
    disableFileAccess: true,
    disableUrlAccess: true,
    // The socket comes from the guarded connection, so that no private address is reached.
    getSocket: (_options: object, done: (error: Error | null, options?: object) => void) => {
      outbound.connect({ host, port, timeoutMs: CONNECT_MS }).then((connection) => done(null, { connection }), done);
    },
  });
}

function toMail(message: Outgoing, { from, to }: Settings) {
  const thread = threadOf(message, from);
  const settingsUrl = message.urlOf("/settings/notifications");
  return {
    from: { name: "Treadle", address: from },
    to,
    subject: cut(`[${message.projectName}] ${titleOf(message)}`, MOST_SUBJECT),
    text: toText(message),
    html: toHtml(message),
    messageId: `<${message.messageId}@${domainOf(from)}>`,
    ...(thread !== null && { inReplyTo: thread, references: thread }),
    headers: {
      "Auto-Submitted": "auto-generated",
      "X-Auto-Response-Suppress": "All",
      ...(settingsUrl !== null && { "List-Unsubscribe": `<${settingsUrl}>` }),
    },
  };
}

const domainOf = (address: string) => address.split("@").at(-1) ?? "localhost";

/** The id of the thread of a subject. No message has it, but mail programs group the messages that refer to it. */
export function threadOf({ notices }: Pick<Outgoing, "notices">, from: string): string | null {
  const threads = new Set(notices.map((notice: NoticeRow) => `${notice.projectId}/${subjectOf(notice)}`));
  const [only] = threads;
  if (only === undefined || threads.size > 1) return null;
  return `<${createHash("sha256").update(only).digest("hex").slice(0, 32)}@${domainOf(from)}>`;
}

function outcomeOf({ response, rejected = [] }: SentMessageInfo): Outcome {
  const refused = rejected.length === 0 ? "" : ` The server refused ${rejected.map(String).join(", ")}.`;
  return { kind: "delivered", message: `The server answered: ${response}${refused}` };
}

/** A permanent answer to a recipient or the message is final. A refused sign-in can be fixed in the settings. */
function failureOf(error: unknown): Outcome {
  const { responseCode, code } = isRecord(error) ? error : {};
  const message = cut(messageOf(error), 500);
  const isPermanent = typeof responseCode === "number" && responseCode >= 500 && code !== "EAUTH";
  return isPermanent ? { kind: "rejected", message } : { kind: "retry", message, waitMs: 0 };
}
