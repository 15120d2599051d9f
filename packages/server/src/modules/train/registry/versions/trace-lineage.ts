import type { LineageNode, ModelLineage, ModelVersion } from "@treadle/contract";
import { countOf } from "../../../../kernel/count-of.ts";
import { parseRef } from "../refs/name-refs.ts";
import type { NamedEndpoint } from "../stores/deps.ts";

type Told = {
  readonly version: ModelVersion;
  readonly endpoints: readonly NamedEndpoint[];
  /** Versions that depend on this version. */
  readonly above: readonly { readonly name: string; readonly version: number }[];
};

/** The origin of a version, to the left, and its uses, to the right. */
export function traceLineage({ version, endpoints, above }: Told): ModelLineage {
  const nodes: LineageNode[] = [];
  const edges: ModelLineage["edges"] = [];
  const self = `version:${version.name}@v${version.version}`;
  const add = (node: LineageNode) => {
    if (!nodes.some(({ id }) => id === node.id)) nodes.push(node);
    return node.id;
  };
  const join = (from: string, to: string, label: string) => edges.push({ from, to, label });
  add({
    id: self,
    kind: "version",
    label: `${version.name} v${version.version}`,
    detail: version.format,
    target: version.name,
  });
  const maker = version.runId === null ? self : add(runNode(version.runId));
  if (maker !== self) join(maker, self, "made");
  for (const data of version.data) {
    const detail = `${data.version ? `version ${data.version}` : "unknown version"}${data.rows === null ? "" : `, ${countOf(data.rows, "row")}`}`;
    join(
      add({ id: `dataset:${data.ref}`, kind: "dataset", label: data.ref, detail, target: data.datasetId }),
      maker,
      "trained on",
    );
  }
  if (version.base)
    join(
      add(baseNode(version.base, version.remote !== null)),
      maker,
      version.format.includes("adapter") ? "goes over" : "began as",
    );
  for (const alias of version.aliases)
    join(self, add({ id: `alias:${alias}`, kind: "alias", label: alias, detail: "alias", target: null }), "is");
  for (const endpoint of endpoints) {
    const via = endpoint.models.map((model) => viaOf(version, model)).find((one) => one !== null);
    if (via === undefined || via === null) continue;
    const node = add({
      id: `endpoint:${endpoint.id}`,
      kind: "endpoint",
      label: endpoint.name,
      detail: "endpoint",
      target: endpoint.id,
    });
    join(via === "" ? self : `alias:${via}`, node, "answers");
  }
  for (const one of above) join(self, add(adapterNode(one)), "is under");
  if (version.canServe)
    join(
      self,
      add({
        id: "traces",
        kind: "traces",
        label: "Traces",
        detail: "answers it gave",
        target: `${version.name}@v${version.version}`,
      }),
      "seen in",
    );
  return { nodes, edges };
}

const adapterNode = ({ name, version }: Told["above"][number]): LineageNode => ({
  id: `version:${name}@v${version}`,
  kind: "version",
  label: `${name} v${version}`,
  detail: "adapter",
  target: name,
});

const runNode = (runId: string): LineageNode => ({
  id: `run:${runId}`,
  kind: "training-run",
  label: "Training run",
  detail: runId,
  target: runId,
});

const baseNode = ({ ref, version }: NonNullable<ModelVersion["base"]>, isRemote: boolean): LineageNode => ({
  id: `base:${ref}`,
  kind: "base",
  label: ref,
  detail: version ? "registered version" : isRemote ? "model of a provider" : "model of this machine",
  target: version ? `${version.name}@v${version.version}` : null,
});

/** By which alias an endpoint's model is this version; an empty text when it names the version itself; null when it is another. */
function viaOf(version: ModelVersion, model: string): string | null {
  const { name, which } = parseRef(model);
  if (name !== version.name) return null;
  if (which === null) return version.aliases.includes("production") ? "production" : null;
  if (which.replace(/^v/, "") === String(version.version)) return "";
  return version.aliases.includes(which) ? which : null;
}
