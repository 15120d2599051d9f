import type { ModelVersion, SpanDetail } from "@treadle/contract";
import { type Drawing, factsOf, type Given } from "./graph.ts";
import { addVersion, versionId } from "./trace-origins.ts";
import { addServing } from "./trace-release.ts";

/** How the gateway writes down which version answered. */
const SERVED = /^([a-z0-9][a-z0-9._-]{0,99})@v(\d{1,9})$/;

/** Adds an answer, its requested name, and the version that gave it, with its origin. Returns the answer's step. */
export async function addAnswer(drawing: Drawing, span: SpanDetail): Promise<string> {
  const { graph } = drawing;
  const { traceId, spanId, requestModel, responseModel, endpoint, variant } = span;
  const focus = graph.add({
    id: `span:${spanId}`,
    kind: "answer",
    label: span.name,
    facts: factsOf({
      "Asked for": requestModel,
      Answered: responseModel,
      At: span.startTime,
      From: span.isCacheHit ? "the cache" : null,
    }),
    target: { to: "span", traceId, spanId },
  });
  const served = SERVED.exec(responseModel);
  if (!served) {
    const named = responseModel || requestModel;
    const base = graph.add({
      id: `base:${named}`,
      kind: "base",
      label: named || "No model",
      state: "unknown",
      note: named
        ? "This version is not in the project's registry, so its training data is unknown."
        : "The span names no model.",
      facts: factsOf({ Provider: span.provider }),
    });
    const origin = variant === "" ? base : await addServing(drawing, { span, origin: base, version: null });
    graph.join(origin, focus, "gave");
    return focus;
  }
  const [, name = "", number = ""] = served;
  const { version } = await addVersion(drawing, { name, version: Number(number) });
  const self = versionId(name, Number(number));
  if (version && version.createdAt > span.startTime) {
    const gone = graph.add({
      id: `${self}:before`,
      kind: "version",
      label: `${name} v${number}`,
      state: "gone",
      note: "The version that gave this answer was deleted. A newer version with the same name is a different version.",
    });
    graph.join(gone, focus, "gave");
    return focus;
  }
  if (variant !== "") {
    const place = { name, version: Number(number) };
    graph.join(await addServing(drawing, { span, origin: self, version: place }), focus, "gave");
    return focus;
  }
  const asked = graph.add(nameStep({ endpoint, requestModel, version, name }));
  graph.join(self, asked, "answered as");
  graph.join(asked, focus, "gave");
  return focus;
}

type Asked = Pick<SpanDetail, "endpoint" | "requestModel"> & {
  readonly name: string;
  readonly version: ModelVersion | undefined;
};

function nameStep({ endpoint, requestModel, version, name }: Asked): Given {
  if (endpoint !== "")
    return {
      id: `name:endpoint:${endpoint}`,
      kind: "name",
      label: endpoint,
      facts: factsOf({ Kind: "endpoint" }),
      target: { to: "endpoint", endpoint },
    };
  const alias = requestModel.startsWith(`${name}@`) ? requestModel.slice(name.length + 1) : null;
  const isNumber = alias !== null && /^v?\d+$/.test(alias);
  const kind = isNumber ? "version by its number" : alias === null ? "model" : "alias";
  const points = version?.aliases.includes(alias ?? "production");
  return {
    id: `name:${requestModel}`,
    kind: "name",
    label: requestModel,
    facts: factsOf({
      Kind: kind,
      Now: isNumber || !version ? null : points ? "still points here" : alias === null ? null : "points elsewhere",
    }),
    target: null,
  };
}
