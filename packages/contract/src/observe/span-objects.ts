import { z } from "zod";
import { defineApi } from "../route.ts";

/** Content that was too large for its span: media, and the whole of a long text. */
export const spanObjectsApi = defineApi({
  "GET /api/v1/traces/:traceId/spans/:spanId/objects/:sha256": {
    name: "getSpanObject",
    summary: "The bytes of an object that a span refers to by SHA-256; the span contains their type",
    permission: "traces:read",
    content: "required",
    params: z.object({
      traceId: z.string().max(64),
      spanId: z.string().max(64),
      sha256: z.string().max(64).describe("In lower-case hexadecimal digits."),
    }),
    response: z.unknown(),
    answer: "file",
  },
});
