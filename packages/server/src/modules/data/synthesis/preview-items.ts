import type { SynthesisInput, SynthesisPreview } from "@treadle/contract";
import type { Scope } from "../../../kernel/scope.ts";
import { openWork, type WorkDeps } from "./open-work.ts";
import { addTo, NO_TALLY, type Stop, tellStop } from "./tally.ts";

/** The number of existing items to check. */
const MOST_ROWS = 20_000;

type Asked = {
  readonly datasetId: string;
  readonly input: SynthesisInput;
  readonly tries: number;
  readonly signal: AbortSignal;
};

/** Makes a few items, shows what would become of each, and writes nothing. Throws what a call failed with when all of them did. */
export const createPreview = (deps: WorkDeps) =>
  async function preview(scope: Scope, { datasetId, input, tries, signal }: Asked): Promise<SynthesisPreview> {
    const work = await openWork(deps, { scope, datasetId, input, signal, jobId: null, mostRows: MOST_ROWS });
    const { recipe, seeds, runTry, isOwnDraft } = work;
    const running = [];
    for (let number = 0; number < tries; number++) {
      const drawn = await seeds.next(number);
      if (drawn === null) break;
      running.push(runTry({ seeds: drawn, number, wanted: recipe.perTry, isOwnDraft }));
    }
    const results = await Promise.all(running);
    await seeds.close?.();
    const failure = results.find((one) => one.failure)?.failure;
    if (failure && results.every((one) => one.failure)) throw failure;
    const outcomes = results.flatMap((one) => one.outcomes);
    const keptCount = outcomes.filter(({ loss }) => loss === null).length;
    const spent = work.spent();
    const lost = results.flatMap((one) => one.lost);
    const tally = addTo(NO_TALLY, { tries: results.length, kept: keptCount, lost, spent });
    const halt = results.find((one) => one.stop)?.stop;
    const stop: Stop = halt ?? (results.length < tries ? "no-more-seeds" : "finished");
    return {
      ...tally,
      stop,
      why: stop === "finished" ? "" : tellStop(stop, tally, input.count),
      items: outcomes.map(({ draft, loss, score, reason }, place) => ({
        item: { itemId: `preview-${place + 1}`, ...draft },
        loss,
        score,
        reason,
      })),
      forecast:
        keptCount === 0
          ? null
          : {
              tokens: Math.round((spent.tokens / keptCount) * input.count),
              usd: spent.unpricedCalls > 0 ? null : (spent.usd / keptCount) * input.count,
            },
    };
  };
