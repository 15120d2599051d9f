import { hash } from "node:crypto";
import { type LangfuseEvent, LangfuseScore, type Project, readShape } from "@treadle/contract";
import type { Clock } from "../../../../kernel/clock.ts";
import { AppError } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Objects } from "../../../../platform/objects/port.ts";
import type { Spool } from "../../../../platform/spool/port.ts";
import { createRedactors, type Privacy } from "../../redaction/index.ts";
import { toContentRow, toScoreRow } from "../rows/content-rows.ts";
import { createTickets, type Upload } from "./tickets.ts";
import { toScore } from "./to-score.ts";

export type SendersDeps = {
  readonly spool: Pick<Spool, "append">;
  readonly objects: Pick<Objects, "put">;
  readonly listProjects: (scope: Scope) => Promise<{ items: readonly Project[] }>;
  /** The address that others reach this server at; without it, the one they asked. */
  readonly publicUrl: string | undefined;
  readonly privacy: Privacy;
  readonly clock: Clock;
};
type Media = {
  readonly traceId: string;
  readonly observationId?: string | null;
  readonly contentType: string;
  readonly sha256Hash: string;
};
type Image = { readonly trace: string; readonly span: string; readonly image_name: string };

/** The name under which a span's contents say where media lies that the span only names. */
const MEDIA = "treadle.media";
/** Langfuse's SDKs make the same of the hash, and give up when it is another. */
const MEDIA_ID_CHARACTERS = 22;

/** Endpoints that third-party SDKs call in addition to OTLP. */
export function createSenders({ spool, objects, listProjects, publicUrl, privacy, clock }: SendersDeps) {
  const tickets = createTickets(clock);
  const redactorOf = createRedactors();
  const redactorFor = (projectId: string) => {
    const rules = privacy.rulesOf(projectId);
    return rules && redactorOf(rules);
  };

  function keepScores({ projectId }: Scope, scores: readonly LangfuseScore[]): Promise<void> {
    const redactor = redactorFor(projectId);
    const text = (given: string) => redactor?.text("feedback", given) ?? given;
    const rows = scores.map((given) => {
      const score = toScore(given, clock.now());
      const redacted = { name: text(score.name), label: text(score.label), comment: text(score.comment) };
      return toScoreRow(projectId, { ...score, ...redacted });
    });
    return spool.append("scores", rows);
  }

  /**
   * The bytes become an object, and a content of the span names it: users who can read the span can read the object.
   */
  async function keepMedia({ projectId, traceId, spanId, name, mimeType }: Upload, bytes: Uint8Array) {
    const redactor = redactorFor(projectId);
    // Its sender would only send it again.
    if (redactor && !(redactor.storesMedia && redactor.storesContent(traceId))) return { ok: true as const };
    const { sha256, sizeBytes } = await objects.put(bytes);
    const attributes = { uri: name, mime_type: mimeType, size_bytes: sizeBytes, sha256 };
    const time = new Date(clock.now()).toISOString();
    const row = toContentRow(projectId, { traceId, spanId, name: MEDIA, time, body: null, attributes });
    await spool.append("span_contents", [row]);
    return { ok: true as const };
  }

  return {
    originOf: (host: string): string => publicUrl?.replace(/\/$/, "") ?? `http://${host}`,
    async describeProjects(scope: Scope) {
      const { items } = await listProjects(scope);
      const organization = { id: "treadle", name: "Treadle" };
      return { data: items.map(({ projectId, name }) => ({ id: projectId, name, organization, metadata: {} })) };
    },
    async createScores(scope: Scope, given: LangfuseScore | readonly LangfuseScore[]) {
      await keepScores(scope, Array.isArray(given) ? given : [given as LangfuseScore]);
      return { message: "Accepted" };
    },
    async ingest(scope: Scope, batch: readonly LangfuseEvent[]) {
      const read = batch.map((event) => ({ id: event.id, score: scoreIn(event) }));
      const scores = read.flatMap(({ score }) => score ?? []);
      if (scores.length > 0) await keepScores(scope, scores);
      return {
        successes: read.filter(({ score }) => score !== null).map(({ id }) => ({ id, status: 201 })),
        errors: read.filter(({ score }) => score === null).map(({ id }) => ({ id, status: 400, message: ONLY_SCORES })),
      };
    },
    announceMedia({ projectId }: Scope, { traceId, observationId, contentType, sha256Hash }: Media, origin: string) {
      const sha256 = Buffer.from(sha256Hash, "base64");
      const mediaId = sha256.toString("base64url").slice(0, MEDIA_ID_CHARACTERS);
      const upload = { traceId, spanId: observationId ?? "", name: mediaId, mimeType: contentType };
      const ticket = tickets.issue({ ...upload, projectId, sha256: sha256.toString("hex") });
      return { mediaId, uploadUrl: `${origin}/api/public/media-uploads/${ticket}` };
    },
    async uploadMedia(ticket: string, bytes: Uint8Array) {
      const upload = tickets.read(ticket);
      if (hash("sha256", bytes, "hex") !== upload.sha256)
        throw new AppError("invalid_request", {
          message: "The upload does not match the SHA-256 that was announced. Upload the file again.",
        });
      return keepMedia(upload, bytes);
    },
    /** The address is also what the span will call the image. */
    announceImage({ projectId }: Scope, { trace, span, image_name: imageName }: Image, origin: string) {
      const ids = { traceId: toHex(trace, 32), spanId: toHex(span, 16) };
      const name = imageName.slice(-100);
      const ticket = tickets.issue({ ...ids, projectId, name, mimeType: "", sha256: "" });
      return { url: `${origin}/v2/images/${ticket}` };
    },
    async uploadImage(
      { projectId }: Scope,
      { ticket, data, origin }: { ticket: string; data: string; origin: string },
    ) {
      const upload = tickets.read(ticket);
      if (upload.projectId !== projectId) throw new AppError("not_found");
      return keepMedia({ ...upload, name: `${origin}/v2/images/${ticket}` }, Buffer.from(data, "base64"));
    },
  };
}
export type Senders = ReturnType<typeof createSenders>;

const ONLY_SCORES =
  "Treadle accepts only score-create of Langfuse's events. Use an SDK that sends spans over OpenTelemetry: Python 3 or newer, JavaScript 4 or newer.";

function scoreIn({ type, body, timestamp }: LangfuseEvent): LangfuseScore | null {
  if (type !== "score-create") return null;
  const score = readShape(LangfuseScore, body);
  return score.success ? { ...score.data, timestamp: score.data.timestamp ?? timestamp } : null;
}

const toHex = (decimal: string, digits: number) => BigInt(decimal).toString(16).padStart(digits, "0").slice(-digits);
