import type { Clock } from "../../../../kernel/clock.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import type { Knowledge } from "../../knowledge/index.ts";

/** Uploaded files, whose module is higher. Both throw `not_found`. */
export type Files = {
  find(scope: Scope, fileId: string): Promise<{ readonly name: string; readonly purpose: string }>;
  load(scope: Scope, fileId: string): Promise<Uint8Array>;
};

export type VectorStoresDeps = {
  readonly db: Postgres;
  readonly knowledge: Pick<
    Knowledge,
    | "create"
    | "get"
    | "list"
    | "listWindow"
    | "update"
    | "delete"
    | "attachFile"
    | "listDocumentWindow"
    | "findFileDocument"
    | "listDocumentsByIds"
    | "countFileDocuments"
    | "updateDocument"
    | "deleteDocument"
    | "readText"
    | "search"
  >;
  readonly files: Files;
  readonly clock: Clock;
};
