import type { Span } from "@treadle/contract";
import { FORMATS } from "../formats/formats.ts";
import type { MirrorOf } from "../request/mirror-of.ts";
import type { Call } from "../request/read-call.ts";

/** A mirrored call belongs to no variant in statistics. It links to the call that it repeats. */
export const mirroredSpan = ({ primary }: MirrorOf): Partial<Span> => ({ links: [{ ...primary, attributes: {} }] });

/** What a mirrored call repeats, for searches. */
export const mirrorAttributes = ({ shadowId, endpoint, variant, primary }: MirrorOf) => ({
  "treadle.shadow.id": shadowId,
  "treadle.shadow.endpoint": endpoint,
  "treadle.shadow.variant": variant,
  "treadle.shadow.primary_trace_id": primary.traceId,
  "treadle.shadow.primary_span_id": primary.spanId,
});

/** A mirrored call is marked, so that nobody takes it for a caller's in a list of traces. */
export const nameOf = ({ format, request, mirrorOf }: Call): string =>
  `${mirrorOf ? "shadow " : ""}${FORMATS[format].operation} ${request.model}`.slice(0, 300);
