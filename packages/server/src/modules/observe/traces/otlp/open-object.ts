import type { Readable } from "node:stream";
import { notFound } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Objects } from "../../../../platform/objects/port.ts";
import type { TraceReads } from "../reads/reads.ts";

type Deps = { readonly getSpan: TraceReads["getSpan"]; readonly objects: Pick<Objects, "get"> };
type Ids = { readonly traceId: string; readonly spanId: string; readonly sha256: string };

/**
 * Opens content that is stored separately from its span. Objects belong to no project: permission for a span that names
 * the object is required.
 */
export const createObjectOpener = ({ getSpan, objects }: Deps) =>
  async function openObject(scope: Scope, { traceId, spanId, sha256 }: Ids): Promise<Readable> {
    const span = await getSpan(scope, { traceId, spanId });
    if (!JSON.stringify(span).includes(sha256)) throw notFound("object", sha256);
    return objects.get(sha256);
  };
