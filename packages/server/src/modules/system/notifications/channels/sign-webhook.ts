import { createHmac, randomBytes } from "node:crypto";

const PREFIX = "whsec_";
const SECRET_BYTES = 32;

/** A new signing secret, as Standard Webhooks writes it. */
export const newSigningSecret = () => PREFIX + randomBytes(SECRET_BYTES).toString("base64");

type Signed = { readonly id: string; readonly timestamp: number; readonly body: string };

/** The headers of Standard Webhooks, signed with each secret. https://www.standardwebhooks.com */
export function signWebhook(secrets: readonly string[], { id, timestamp, body }: Signed): Record<string, string> {
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.slice(PREFIX.length), "base64");
    return `v1,${createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64")}`;
  });
  return { "webhook-id": id, "webhook-timestamp": String(timestamp), "webhook-signature": signatures.join(" ") };
}
