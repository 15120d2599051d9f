import { type Environment, findSource } from "../evaluate/index.ts";

export type Connection = { readonly url: string; readonly apiKey: string };

/** The environment of the tests; the one place of this package where it is read. */
export const environment = (): Environment => process.env;

/** The server that TREADLE_URL and TREADLE_API_KEY name; null when none is named. */
export function namedServer({ TREADLE_URL: url, TREADLE_API_KEY: apiKey }: Environment): Connection | null {
  if (!url) return null;
  if (!/^https?:\/\//.test(url))
    throw new Error(`TREADLE_URL is "${url}", which is not a server address. Use one such as http://127.0.0.1:4747.`);
  if (!apiKey) throw new Error("TREADLE_URL is set, but TREADLE_API_KEY is not. Set it to an API key of that server.");
  return { url, apiKey };
}

/** Where the runs of these tests belong: of the CI's own variables, or of git. */
export const sourceOfTests = () => findSource({}, environment());
