import type { SpanDetail } from "@treadle/contract";
import type { NamedVersion, ServedRollout } from "./deps.ts";
import { type Drawing, factsOf, HIDDEN, mayRead } from "./graph.ts";

type Call = Pick<SpanDetail, "endpoint" | "variant" | "rolloutId" | "assignment">;
type Serving = { readonly span: Call; readonly origin: string; readonly version: NamedVersion | null };

/**
 * Adds the variant, the endpoint version and the rollout by which a model answered. Returns the step of the endpoint
 * version.
 */
export async function addServing(drawing: Drawing, { span, origin, version }: Serving): Promise<string> {
  const { graph } = drawing;
  const { endpoint, variant, assignment } = span;
  const number = assignment?.endpointVersion;
  const served = graph.add({
    id: `endpoint:${endpoint}:${number ?? ""}`,
    kind: "endpoint-version",
    label: number === undefined ? endpoint : `${endpoint}, version ${number}`,
    target: { to: "endpoint", endpoint },
  });
  const own = graph.add({
    id: `variant:${endpoint}:${variant}`,
    kind: "variant",
    label: variant,
    facts: factsOf({ "Assigned by": assignment?.unit, Probability: assignment ? shown(assignment.propensity) : null }),
    target: { to: "endpoint", endpoint },
  });
  graph.join(origin, own, "answered as");
  graph.join(own, served, "is a variant of");
  await addRollout(drawing, { span, origin: own, version });
  return served;
}

/** The rollout of the call, or the rollout that brought the version to the endpoint before. */
async function addRollout(drawing: Drawing, { span, origin, version }: Serving): Promise<void> {
  const { scope, graph, releases } = drawing;
  const { endpoint, rolloutId } = span;
  if (!mayRead(scope, "endpoints:read")) {
    if (rolloutId === "") return;
    const step = { id: `rollout:${rolloutId}`, kind: "rollout", label: "Rollout" } as const;
    graph.join(graph.add({ ...step, state: "hidden", note: HIDDEN }), origin, "compared");
    return;
  }
  const rollout = await releases.findRollout(scope, { rolloutId, endpoint, version });
  if (rollout) graph.join(graph.add(rolloutStep(rollout)), origin, rolloutId === "" ? "admitted" : "compared");
  else if (rolloutId !== "")
    graph.join(
      graph.add({ id: `rollout:${rolloutId}`, kind: "rollout", label: "Rollout", state: "gone" }),
      origin,
      "compared",
    );
}

const rolloutStep = ({ rolloutId, candidate, control, state, reason, message, evidence, endedAt }: ServedRollout) => ({
  id: `rollout:${rolloutId}`,
  kind: "rollout" as const,
  label: `${candidate} against ${control}`,
  note: message,
  facts: factsOf({
    State: state,
    Reason: reason,
    "Units compared": evidence && evidence.units.candidate + evidence.units.control,
    Ended: endedAt,
  }),
  target: { to: "rollout", rolloutId } as const,
});

const shown = (propensity: number) => `${Number((propensity * 100).toPrecision(3))} %`;
