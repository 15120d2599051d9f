import { createServer } from "node:net";

/** The settings of a server on a free port that is its public address too, so that its messages have links. */
export async function publicAddress() {
  const port = await freePort();
  return { TREADLE_PORT: String(port), TREADLE_PUBLIC_URL: `http://127.0.0.1:${port}` };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return address.port;
}
