import type { KnowledgeSourceKind } from "@treadle/contract";
import { folderConnector } from "./folder.ts";
import { gitConnector } from "./git/git.ts";
import { s3Connector } from "./s3/s3.ts";
import type { Connector } from "./shared/port.ts";
import { webConnector } from "./web/web.ts";

/** The kinds of sources that can be synchronised. */
const CONNECTORS: Readonly<Record<KnowledgeSourceKind, Connector>> = {
  folder: folderConnector,
  web: webConnector,
  git: gitConnector,
  s3: s3Connector,
};

/** Undefined for uploads, which have nothing to synchronise with. */
export const connectorOf = (kind: string): Connector | undefined =>
  Object.entries(CONNECTORS).find(([name]) => name === kind)?.[1];
