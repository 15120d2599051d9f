import type { Order } from "../order.ts";

/** An order to read these bytes as spans in protobuf, unless more is said. */
export const makeOrder = (bytes: Uint8Array, more: Partial<Order> = {}): Order => ({
  signal: "traces",
  isProtobuf: true,
  projectId: "proj_1",
  now: Date.now(),
  isWatched: false,
  prices: [],
  bytes,
  ...more,
});
