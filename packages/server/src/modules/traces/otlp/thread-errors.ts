import { AppError } from "../../../kernel/errors.ts";

export const stopping = () => new AppError("unavailable", { message: "The server is stopping.", retryAfterSeconds: 5 });
export const died = (cause: Error) =>
  new AppError("unavailable", {
    message: "The thread that reads OTLP ended over this request or beside it. Nothing was kept; send it again.",
    retryAfterSeconds: 1,
    cause,
  });
export const tooLarge = (cause: Error) =>
  new AppError("payload_too_large", {
    message: "Reading this request takes more memory than a request may. Let the sender export smaller batches.",
    cause,
  });
export const overloaded = () =>
  new AppError("overloaded", {
    message: "More spans arrive than can be read. Nothing was kept. Try again after a short wait.",
    retryAfterSeconds: 1,
  });
