import { posix } from "node:path";
import { AppError } from "../../../kernel/errors.ts";
import type { DomNode } from "../markup/dom.ts";
import { elementsOf, parseXml } from "../markup/xml.ts";
import type { ZipContent } from "../parser/read-zip.ts";

/** A part to which another one refers: its path in the archive, and the last word of the type of the relation. */
export type Relation = { readonly path: string; readonly type: string };

/** The parts of an Office document to which a part refers, by id. Addresses outside of the document are left out. */
export function readRelations(content: ZipContent, part: string): ReadonlyMap<string, Relation> {
  const folder = posix.dirname(part);
  const file = content.get(`${folder}/_rels/${posix.basename(part)}.rels`);
  if (!file) return new Map();
  const relations = elementsOf(parseXml(file.toString()), "Relationship").filter(
    (relation) => relation.getAttribute("TargetMode") !== "External",
  );
  return new Map(
    relations.map((relation) => {
      const target = relation.getAttribute("Target") ?? "";
      const path = target.startsWith("/") ? target.slice(1) : posix.join(folder, target);
      const type = relation.getAttribute("Type")?.split("/").at(-1) ?? "";
      return [relation.getAttribute("Id") ?? "", { path, type }] as const;
    }),
  );
}

export function readXmlPart(content: ZipContent, path: string): DomNode {
  const part = content.get(path);
  if (!part) throw damagedPart(path);
  return parseXml(part.toString());
}

export const damagedPart = (path: string) =>
  new AppError("unprocessable", {
    message: `The document is damaged: its part "${path}" is missing or incomplete. Open it in its program, and save it again.`,
  });
