import { createHash } from "node:crypto";
import { itemText } from "../modules/data/curation/index.ts";
import type { Datasets } from "../modules/data/datasets/index.ts";
import type { ReadDatasetTexts } from "../modules/observe/drift/index.ts";

type Drawn = { readonly hash: string; readonly id: string; readonly text: string };

/** A sample of a version's texts: the items with the lowest hashes of their ids. */
export const datasetTextsOf =
  (datasets: () => Datasets["whole"]): ReadDatasetTexts =>
  async (scope, { datasetId, version, side, limit }) => {
    const { manifest } = await datasets().openVersion(scope, { datasetId, version });
    let drawn: Drawn[] = [];
    for await (const item of datasets().readItems(scope, manifest)) {
      const text = itemText(item, side === "inputs" ? "prompt" : "answer", { isSpoken: true });
      if (text.trim() === "") continue;
      drawn.push({ hash: createHash("sha256").update(item.itemId).digest("hex"), id: item.itemId, text });
      if (drawn.length > limit * 4) drawn = lowest(drawn, limit);
    }
    return lowest(drawn, limit).map(({ id, text }) => ({ id, text }));
  };

const lowest = (drawn: readonly Drawn[], limit: number) =>
  drawn.toSorted((one, other) => (one.hash < other.hash ? -1 : 1)).slice(0, limit);
