import type { Permission } from "@treadle/contract";
import type { Scope } from "../../kernel/scope.ts";

/** A method that takes one message and answers with one; both are protobuf that the transport does not read. */
export type GrpcMethod = {
  /** `/package.Service/Method`. */
  readonly path: string;
  readonly permission: Permission;
  /** Owns the bytes. What it throws becomes the status of the call. */
  handle(scope: Scope, bytes: Buffer): Promise<Buffer>;
};
