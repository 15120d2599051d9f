import type { Endpoint, EndpointAbTest } from "@treadle/contract";
import type { Clock } from "../../../kernel/clock.ts";
import { AppError } from "../../../kernel/errors.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { Postgres } from "../../../platform/postgres/port.ts";
import type { Audit } from "../../system/audit/index.ts";
import { contentFrom, type EndpointContent } from "./content.ts";
import { createEndpointStore } from "./store.ts";
import { lockEndpoint, writePromotion } from "./write-rollout.ts";

type Deps = { readonly audit: Pick<Audit, "record">; readonly clock: Clock };
type Setting = { readonly endpointId: string; readonly abTest: EndpointAbTest | null };
type Picking = {
  readonly endpointId: string;
  readonly abTestId: string;
  readonly winner: string;
  readonly arms: readonly string[];
};

/** What an A/B test changes of an endpoint, inside the test's own transaction. `forget` must be called after the commit. */
export function createAbTestWrites({ audit, clock }: Deps) {
  return {
    /** Divides the traffic by the test, or with null by the weights again. Throws `conflict` when the endpoint is taken. */
    async setAbTest(tx: Postgres, scope: Scope, { endpointId, abTest }: Setting): Promise<void> {
      const endpoint = await lockEndpoint(tx, scope, endpointId);
      if (abTest) checkFree(endpoint, abTest);
      await createEndpointStore(tx).update(endpointId, { abTest });
    },

    /** Makes a new version in which the winner has the weight of all arms, and the other arms have 0. */
    async pickWinner(tx: Postgres, scope: Scope, { endpointId, abTestId, winner, arms }: Picking): Promise<void> {
      const endpoint = await lockEndpoint(tx, scope, endpointId);
      checkFree(endpoint, { abTestId });
      checkVariant(endpoint, winner);
      const content = wonContent(endpoint, winner, arms);
      await writePromotion({ clock, audit }, tx, { scope, endpoint, content, promoted: winner });
    },
  };
}

const MOST_WEIGHT = 1_000;

function wonContent(endpoint: Endpoint, winner: string, arms: readonly string[]): EndpointContent {
  const ofTest = endpoint.variants.filter(({ name }) => arms.includes(name));
  const served = ofTest.filter(({ weight }) => weight > 0);
  const weight = Math.min(
    MOST_WEIGHT,
    Math.max(
      1,
      served.reduce((sum, one) => sum + one.weight, 0),
    ),
  );
  const priority = Math.min(...(served.length > 0 ? served : ofTest).map((one) => one.priority));
  const variants = endpoint.variants.map((variant) => {
    if (variant.name === winner) return { ...variant, weight, priority };
    return arms.includes(variant.name) ? { ...variant, weight: 0 } : variant;
  });
  return { ...contentFrom(endpoint), variants };
}

function checkVariant({ name, variants }: Endpoint, winner: string): void {
  if (variants.some((variant) => variant.name === winner)) return;
  throw new AppError("unprocessable", {
    message: `The endpoint "${name}" no longer has the variant "${winner}". It has: ${variants.map((variant) => variant.name).join(", ")}.`,
    details: { param: "variant" },
  });
}

function checkFree({ name, rollout, abTest: current }: Endpoint, { abTestId }: Pick<EndpointAbTest, "abTestId">): void {
  if (rollout)
    throw new AppError("conflict", {
      message: `The endpoint "${name}" is in a rollout. Promote it or roll it back first.`,
      details: { rolloutId: rollout.rolloutId },
    });
  if (current && current.abTestId !== abTestId)
    throw new AppError("conflict", {
      message: `The endpoint "${name}" is in another A/B test. Stop that test first.`,
      details: { abTestId: current.abTestId },
    });
}
