import type { Endpoint, EndpointRollout } from "@treadle/contract";
import type { Clock } from "../../../kernel/clock.ts";
import { AppError, notFound } from "../../../kernel/errors.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { Postgres } from "../../../platform/postgres/port.ts";
import type { Audit } from "../../system/audit/index.ts";
import { contentFrom, type EndpointContent } from "./content.ts";
import { createEndpointStore } from "./store.ts";

type Deps = { readonly audit: Pick<Audit, "record">; readonly clock: Clock };
type Setting = { readonly endpointId: string; readonly rollout: EndpointRollout | null };
type Promotion = { readonly endpointId: string } & Pick<EndpointRollout, "candidate" | "control">;

/**
 * What a rollout changes of an endpoint, inside the rollout's own transaction. `forget` must be called after the commit,
 * so that the gateway sees the change at once.
 */
export function createRolloutWrites({ audit, clock }: Deps) {
  return {
    /**
     * Gives the candidate its share, or with null gives the traffic back to the weights. Throws `conflict` when another
     * rollout has the endpoint, and `unprocessable` for a variant that does not exist or a candidate that has a weight.
     */
    async setRollout(tx: Postgres, scope: Scope, { endpointId, rollout }: Setting): Promise<void> {
      const endpoint = await lockEndpoint(tx, scope, endpointId);
      if (rollout) checkRollout(endpoint, rollout);
      await createEndpointStore(tx).update(endpointId, { rollout });
    },

    /** Makes a new version in which the candidate has the control's weight and the control has 0, without a rollout. */
    async promote(tx: Postgres, scope: Scope, { endpointId, candidate, control }: Promotion): Promise<void> {
      const endpoint = await lockEndpoint(tx, scope, endpointId);
      const content = promotedContent(endpoint, candidate, control);
      await writePromotion({ clock, audit }, tx, { scope, endpoint, content, promoted: candidate });
    },
  };
}

type Promoted = {
  readonly scope: Scope;
  readonly endpoint: Endpoint;
  readonly content: EndpointContent;
  readonly promoted: string;
};

/** Makes the content the next version, with its audit entry, and ends the rollout or the test of the endpoint. */
export async function writePromotion(
  { clock, audit }: Deps,
  tx: Postgres,
  { scope, endpoint, content, promoted }: Promoted,
): Promise<void> {
  const { endpointId } = endpoint;
  const store = createEndpointStore(tx);
  const version = endpoint.version + 1;
  const now = new Date(clock.now());
  await store.addVersion({ endpointId, version, content, actor: scope.actor, restoredFrom: null, createdAt: now });
  await store.update(endpointId, { ...content, version, rollout: null, abTest: null, updatedAt: now });
  const details = { ...content, version, promoted };
  await audit.record(scope, { action: "endpoint.update", target: endpointId, details }, tx);
}

export async function lockEndpoint(tx: Postgres, { projectId }: Scope, endpointId: string): Promise<Endpoint> {
  const endpoint = await createEndpointStore(tx).lock(projectId, endpointId);
  if (!endpoint) throw notFound("endpoint", endpointId);
  return endpoint;
}

/** The content in which the candidate has the control's weight and priority, and the control has the weight 0. */
function promotedContent(endpoint: Endpoint, candidate: string, control: string): EndpointContent {
  const { weight, priority } = endpoint.variants.find((variant) => variant.name === control) ?? {
    weight: 1,
    priority: 1,
  };
  const variants = endpoint.variants.map((variant) => {
    if (variant.name === candidate) return { ...variant, weight: Math.max(1, weight), priority };
    return variant.name === control ? { ...variant, weight: 0 } : variant;
  });
  return { ...contentFrom(endpoint), variants };
}

function checkRollout({ name, variants, rollout: current, abTest }: Endpoint, rollout: EndpointRollout): void {
  if (abTest)
    throw new AppError("conflict", {
      message: `The endpoint "${name}" is in an A/B test. Stop it or pick its winner first.`,
      details: { abTestId: abTest.abTestId },
    });
  if (current && current.rolloutId !== rollout.rolloutId)
    throw new AppError("conflict", {
      message: `The endpoint "${name}" is in a rollout already. Promote it or roll it back first.`,
      details: { rolloutId: current.rolloutId },
    });
  for (const wanted of [rollout.candidate, rollout.control])
    if (!variants.some((variant) => variant.name === wanted))
      throw refuse(
        `The endpoint "${name}" has no variant "${wanted}". It has: ${variants.map((variant) => variant.name).join(", ")}.`,
      );
  const candidate = variants.find((variant) => variant.name === rollout.candidate);
  if (candidate && candidate.weight > 0)
    throw refuse(
      `The variant "${candidate.name}" has the weight ${candidate.weight}. Set it to 0: during a rollout its share comes from the stage.`,
    );
  const control = variants.find((variant) => variant.name === rollout.control);
  if (control?.weight === 0)
    throw refuse(
      `The variant "${control.name}" has the weight 0, so it gets no traffic to compare with. Give it a weight, or choose another control.`,
    );
}

const refuse = (message: string) => new AppError("unprocessable", { message, details: { param: "endpointId" } });
