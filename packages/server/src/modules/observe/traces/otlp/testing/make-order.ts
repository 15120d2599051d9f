import type { Order } from "../digest/decode-request.ts";

/** By default, an order to read these bytes as spans in protobuf. */
export const makeOrder = (bytes: Uint8Array, more: Partial<Order> = {}): Order => ({
  signal: "traces",
  isProtobuf: true,
  projectId: "proj_1",
  now: Date.now(),
  isWatched: false,
  prices: [],
  privacy: null,
  bytes,
  ...more,
});
