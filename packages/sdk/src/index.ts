export {
  type Answer,
  ApiError,
  type Client,
  type ClientOptions,
  createClient,
  type Endpoint,
  type EventEndpoint,
  type RequestFor,
} from "./client.ts";
export { readEvents } from "./events.ts";
export { readAllPages } from "./read-all-pages.ts";
export { type FileSource, sendDatasetFile } from "./send-dataset-file.ts";
