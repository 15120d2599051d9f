import type { Scope } from "../../../kernel/scope.ts";
import type { Evals } from "../../evaluate/experiments/index.ts";
import type { Registry } from "../registry/index.ts";
import type { ModelEvaluationDeps } from "./deps.ts";

const ALPHA = 0.05;

/** Experiments as the measuring of models needs them. */
export const measuringExperiments = ({
  experiments,
  analysis,
}: Pick<Evals, "experiments" | "analysis">): ModelEvaluationDeps["experiments"] => ({
  start: experiments.start,
  get: experiments.get,
  compare: (scope, asked) => analysis.compare(scope, { ...asked, alpha: ALPHA }),
});

/** The gateway's name of a base, which may be named by a file. */
const nameOf = (ref: string) => ref.replace(/^(?:local:|registry:\/\/)/, "");

/** Versions as the measuring of models needs them. */
export const measuredRegistry = ({ versions }: Pick<Registry, "versions">): ModelEvaluationDeps["registry"] => ({
  async find(scope: Scope, { name, version }) {
    const { canServe, whyNot, base, data } = await versions.get(scope, { name, version: String(version) });
    return {
      slug: canServe ? `${name}@${version}` : null,
      whyNot,
      base: base && nameOf(base.ref),
      data: data.map(({ datasetId, version: of, prompt, target }) => ({ datasetId, version: of, prompt, target })),
    };
  },
  async keep(scope, { name, version }, evaluation) {
    await versions.update(scope, { name, version: String(version) }, { evaluation });
  },
});
