import type { Readable } from "node:stream";
import { notFound } from "../../../kernel/errors.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { Objects } from "../../../platform/objects/port.ts";
import type { Traces } from "../service.ts";

type Deps = { readonly getSpan: Traces["getSpan"]; readonly objects: Pick<Objects, "get"> };
type Ids = { readonly traceId: string; readonly spanId: string; readonly sha256: string };

/** Opens content that lies beside its span. Objects belong to no project: who may see a span that names one may see it. */
export const createObjectOpener = ({ getSpan, objects }: Deps) =>
  async function openObject(scope: Scope, { traceId, spanId, sha256 }: Ids): Promise<Readable> {
    const span = await getSpan(scope, { traceId, spanId });
    if (!JSON.stringify(span).includes(sha256)) throw notFound("object", sha256);
    return objects.get(sha256);
  };
