import { z } from "zod";
import { MOST_INTEGER } from "../numbers.ts";
import { Done } from "../pages.ts";
import { defineApi } from "../route.ts";

const id = z.string().min(1).max(200);
const ticket = z.object({ ticket: z.string().min(1).max(1_000) });

/** A score as Langfuse's SDKs write it; what else they send is not read. */
export const LangfuseScore = z.looseObject({
  traceId: z.string().max(64),
  observationId: z.string().max(64).nullish(),
  name: z.string().min(1).max(200),
  value: z.union([z.number(), z.string().max(10_000), z.boolean()]).nullish(),
  comment: z.string().max(10_000).nullish(),
  dataType: z.string().max(40).nullish(),
  timestamp: z.string().max(40).nullish(),
});
export type LangfuseScore = z.infer<typeof LangfuseScore>;

const LangfuseEvent = z.looseObject({
  id,
  type: z.string().max(100),
  timestamp: z.string().max(40).nullish(),
  body: z.unknown(),
});
export type LangfuseEvent = z.infer<typeof LangfuseEvent>;

const Outcome = z.object({ id: z.string(), status: z.number(), message: z.string().optional() });

/**
 * Endpoints that third-party SDKs call in addition to OTLP, so that they work unchanged: Langfuse's scores and media,
 * Traceloop's images.
 */
export const sendersApi = defineApi({
  "GET /api/public/projects": {
    name: "checkLangfuseKey",
    summary: "Check a key for Langfuse's SDKs",
    permission: "traces:write",
    response: z.object({
      data: z.array(
        z.object({
          id: z.string(),
          name: z.string(),
          organization: z.object({ id: z.string(), name: z.string() }),
          metadata: z.object({}),
        }),
      ),
    }),
  },
  "POST /api/public/scores": {
    name: "createLangfuseScores",
    summary: "Store scores from Langfuse's SDKs",
    permission: "traces:write",
    body: z.union([LangfuseScore, z.array(LangfuseScore).max(10_000)]),
    example: { traceId: "0af7651916cd43dd8448eb211c80319c", name: "helpful", value: 1 },
    response: z.object({ message: z.string() }),
    status: 202,
  },
  "POST /api/public/ingestion": {
    name: "ingestLangfuseEvents",
    summary: "Store the scores in Langfuse's events; spans arrive over OTLP",
    permission: "traces:write",
    body: z.looseObject({ batch: z.array(LangfuseEvent).max(10_000) }),
    example: {
      batch: [
        {
          id: "event-1",
          type: "score-create",
          body: { traceId: "0af7651916cd43dd8448eb211c80319c", name: "helpful", value: 1 },
        },
      ],
    },
    response: z.object({ successes: z.array(Outcome), errors: z.array(Outcome) }),
    status: 207,
  },
  "POST /api/public/media": {
    name: "announceLangfuseMedia",
    summary: "Get an upload address for the media of a span",
    permission: "traces:write",
    body: z.looseObject({
      traceId: z.string().max(64),
      observationId: z.string().max(64).nullish(),
      contentType: z.string().max(200),
      contentLength: z.number().int().min(1).max(MOST_INTEGER),
      sha256Hash: z.string().regex(/^[A-Za-z0-9+/]{43}=$/, "must be a SHA-256 in base64"),
    }),
    example: {
      traceId: "0af7651916cd43dd8448eb211c80319c",
      contentType: "image/png",
      contentLength: 68,
      sha256Hash: "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
    },
    response: z.object({ mediaId: z.string(), uploadUrl: z.string() }),
  },
  "PUT /api/public/media-uploads/:ticket": {
    name: "uploadLangfuseMedia",
    summary: "Upload media; the address is the permission and is valid for ten minutes",
    permission: "public",
    params: ticket,
    response: Done,
    takes: "bytes",
  },
  "PATCH /api/public/media/:media": {
    name: "confirmLangfuseMedia",
    summary: "Confirm the end of an upload",
    permission: "traces:write",
    params: z.object({ media: id }),
    body: z.looseObject({}),
    example: { uploadHttpStatus: 200 },
    response: Done,
  },
  "POST /v2/traces/:trace/spans/:span/images": {
    name: "announceTraceloopImage",
    summary: "Get an upload address for an image of a span; ids in decimal digits, as in Traceloop's SDKs",
    permission: "traces:write",
    params: z.object({ trace: z.string().regex(/^\d{1,39}$/), span: z.string().regex(/^\d{1,20}$/) }),
    body: z.looseObject({ image_name: z.string().max(300) }),
    response: z.object({ url: z.string() }),
  },
  "POST /v2/images/:ticket": {
    name: "uploadTraceloopImage",
    summary: "Upload an image",
    permission: "traces:write",
    params: ticket,
    body: z.looseObject({ image_data: z.string() }),
    response: Done,
  },
});
