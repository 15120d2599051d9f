import type { ModelPrice, modelsApi, ParsedOf, ResponseOf } from "@treadle/contract";
import type { Clock } from "../../../kernel/clock.ts";
import { AppError, notFound } from "../../../kernel/errors.ts";
import { newId } from "../../../kernel/ids.ts";
import type { Log } from "../../../kernel/log.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { Postgres } from "../../../platform/postgres/port.ts";
import { bestMatch, createPricer, type Priced, type Rate, type Rates } from "../../observe/prices/index.ts";
import type { Audit } from "../../system/audit/index.ts";
import { createPriceStore } from "./stores/price-store.ts";

type PriceInput = ParsedOf<(typeof modelsApi)["POST /api/v1/model-prices"]>["body"];
type Found = ResponseOf<(typeof modelsApi)["GET /api/v1/model-prices/lookup"]>;

/** Another server's changes are seen after this long. */
const MAX_AGE_MS = 10_000;

type Deps = {
  readonly db: Postgres;
  readonly audit: Pick<Audit, "record">;
  readonly clock: Clock;
  readonly log: Log;
};

/**
 * Prices of models: first the project's own prices, then the built-in table. Calls are priced from memory. All
 * projects' prices are loaded at the start and refreshed in the background, so calls never wait for the database.
 */
export function createPrices({ db, audit, clock, log }: Deps) {
  const store = createPriceStore(db);
  const pricer = createPricer(clock);
  let own: ReadonlyMap<string, readonly ModelPrice[]> = new Map();
  let readAt = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> | null = null;

  async function read() {
    readAt = clock.elapsed();
    own = await store.listAll();
  }
  function readInBackground() {
    if (reading || clock.elapsed() - readAt < MAX_AGE_MS) return;
    reading = read()
      .catch((error: unknown) =>
        log.warn({ error }, "the model prices of projects could not be read; the previous prices stay in use"),
      )
      .finally(() => {
        reading = null;
      });
  }
  /** The project's own prices, from memory. */
  function ownPrices(projectId: string): readonly ModelPrice[] {
    readInBackground();
    return own.get(projectId) ?? [];
  }

  return {
    /** Reads the projects' own prices, once, before calls are priced. */
    start: read,
    list: (scope: Scope): Promise<ModelPrice[]> => store.list(scope.projectId),

    async save(scope: Scope, input: PriceInput): Promise<ModelPrice> {
      checkPattern(input.model);
      const price = await db.transaction(async (tx) => {
        const saved = await createPriceStore(tx).save(scope.projectId, {
          priceId: newId("price", clock.now()),
          ...input,
        });
        await audit.record(scope, { action: "model-price.save", target: saved.priceId, details: input }, tx);
        return saved;
      });
      await read();
      return price;
    },

    async remove(scope: Scope, priceId: string): Promise<void> {
      await db.transaction(async (tx) => {
        if (!(await createPriceStore(tx).delete(scope.projectId, priceId))) throw notFound("price", priceId);
        await audit.record(scope, { action: "model-price.delete", target: priceId }, tx);
      });
      await read();
    },

    async lookUp(scope: Scope, { provider, model }: { provider: string; model: string }): Promise<Found> {
      const mine = bestMatch(await store.list(scope.projectId), provider, model);
      if (mine) return { source: "project", price: withoutId(mine) };
      const listed = pricer.table(provider, model);
      return listed
        ? { source: "table", price: toPrice(listed, { provider, model }) }
        : { source: "unknown", price: null };
    },

    ownPrices,
    /** US dollars, in microseconds and without waiting; null when the price is unknown, 0 for a local model. */
    cost: (projectId: string, priced: Priced): number | null => pricer.cost(ownPrices(projectId), priced),
  };
}

function checkPattern(model: string) {
  if (!model.slice(0, -1).includes("*")) return;
  throw new AppError("invalid_request", {
    message: `"${model}" has a * before its end. Write an exact name, or the start of a name with one * at the end.`,
    details: { param: "model" },
  });
}

const withoutId = ({ priceId: _, ...price }: ModelPrice) => price;

/** What a call with a short prompt is charged. */
function toPrice(rates: Rates, names: { provider: string; model: string }): Omit<ModelPrice, "priceId"> {
  const base = (rate: Rate | null) => rate?.base ?? null;
  return {
    ...names,
    inputUsdPerMillion: rates.input.base,
    outputUsdPerMillion: rates.output.base,
    cachedInputUsdPerMillion: base(rates.cachedInput),
    cacheWriteUsdPerMillion: base(rates.cacheWrite),
    reasoningUsdPerMillion: base(rates.reasoning),
  };
}
