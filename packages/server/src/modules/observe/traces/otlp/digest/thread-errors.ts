import { AppError } from "../../../../../kernel/errors.ts";

export const stopping = () => new AppError("unavailable", { message: "The server is stopping.", retryAfterSeconds: 5 });
export const died = (cause: Error) =>
  new AppError("unavailable", {
    message: "The thread that reads OTLP ended during this request. Nothing was stored. Send it again.",
    retryAfterSeconds: 1,
    cause,
  });
export const tooLarge = (cause: Error) =>
  new AppError("payload_too_large", {
    message: "Reading this request needs more memory than the limit. Configure the sender to export smaller batches.",
    cause,
  });
export const overloaded = () =>
  new AppError("overloaded", {
    message: "Spans arrive faster than the server can read them. Nothing was stored. Try again after a short wait.",
    retryAfterSeconds: 1,
  });
