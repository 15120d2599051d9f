import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import type { Clock } from "../../../../kernel/clock.ts";
import { AppError } from "../../../../kernel/errors.ts";

const TEN_MINUTES_MS = 600_000;

const Ticket = z.object({
  projectId: z.string(),
  traceId: z.string(),
  spanId: z.string(),
  /** The span's name of the content. */
  name: z.string(),
  mimeType: z.string(),
  /** Empty when it is not known before. */
  sha256: z.string(),
  until: z.number(),
});
export type Upload = Omit<z.infer<typeof Ticket>, "until">;

/** Upload addresses for one object, valid for ten minutes. A restart discards them: senders upload immediately. */
export function createTickets(clock: Clock) {
  const key = randomBytes(32);
  const sign = (text: string) => createHmac("sha256", key).update(text).digest("base64url");
  const isSigned = (text: string, signature: string) => {
    const [own, given] = [Buffer.from(sign(text)), Buffer.from(signature)];
    return own.length === given.length && timingSafeEqual(own, given);
  };
  return {
    issue(upload: Upload): string {
      const text = Buffer.from(JSON.stringify({ ...upload, until: clock.now() + TEN_MINUTES_MS })).toString(
        "base64url",
      );
      return `${text}.${sign(text)}`;
    },
    /** Throws `not_found` for an unknown or expired address. */
    read(ticket: string): Upload {
      const [text = "", signature = ""] = ticket.split(".");
      if (!isSigned(text, signature)) throw unknownUpload();
      const { until, ...upload } = Ticket.parse(JSON.parse(Buffer.from(text, "base64url").toString()));
      if (until < clock.now()) throw unknownUpload();
      return upload;
    },
  };
}

const unknownUpload = () =>
  new AppError("not_found", {
    message: "There is no such upload, or it was announced more than ten minutes ago. Announce it again.",
  });
