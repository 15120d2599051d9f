import { api, ROLE_PERMISSIONS, type Route, SERVER_PERMISSIONS } from "@treadle/contract";

/** Credentials as request headers. */
export type Caller = Readonly<Record<string, string>>;

export type World = {
  readonly url: string;
  /** Callers with a wrong credential, by a name for the report: none, made up, revoked, signed out. */
  readonly strangers: Readonly<Record<string, Caller>>;
  /** A user with the role `viewer` in the project. */
  readonly viewer: Caller;
  /** A user with all permissions in another project. */
  readonly otherTenant: Caller;
  /** Real ids of the project, by the name of their path parameter, such as `apiKeyId`. */
  readonly ids: Readonly<Record<string, string>>;
  /** Bodies that would change something, for endpoints with an id and a body. Others get `{}`, which most reject first. */
  readonly bodies: Readonly<Record<string, object>>;
  /** Queries for endpoints that reject requests without one. */
  readonly queries: Readonly<Record<string, string>>;
};
export type Finding = {
  readonly endpoint: string;
  readonly caller: string;
  readonly status: number;
  readonly expected: readonly number[];
};

const VIEWER: ReadonlySet<string> = new Set([...ROLE_PERMISSIONS.viewer, "public", "signed-in"]);
const REFUSED = [401];
const FORBIDDEN = [403];
/** Not 403, which would reveal that the id exists. */
const UNKNOWN = [404];
/** An API key is refused what belongs to a person, whatever the id. */
const NOT_A_PERSON = [403, 404];

/** The method, and the path with the ids of the project filled in. */
function addressOf(endpoint: string, ids: World["ids"]) {
  const [method = "", template = ""] = endpoint.split(" ");
  const path = template.replaceAll(/:(\w+)/g, (_, name: string) => encodeURIComponent(ids[name] ?? `no-${name}`));
  return { method, path, namesId: /:\w+Id\b/.test(template) };
}

/** What another tenant's key is answered. */
function refusalOf({ permission }: Route): readonly number[] {
  if (permission === "signed-in") return NOT_A_PERSON;
  return SERVER_PERMISSIONS.some((one) => one === permission) ? FORBIDDEN : UNKNOWN;
}

/** Calls one endpoint as every caller who must be rejected. Returns the callers who were not. */
async function walkOne(endpoint: string, route: Route, world: World): Promise<Finding[]> {
  const { method, path, namesId } = addressOf(endpoint, world.ids);
  const query = world.queries[endpoint] ?? "";
  const findings: Finding[] = [];
  async function expectStatus(caller: string, headers: Caller, expected: readonly number[]) {
    const hasBody = route.body !== undefined;
    const response = await fetch(`${world.url}${path}?${query}`, {
      method,
      headers: { ...(hasBody && { "content-type": "application/json" }), ...headers },
      body: hasBody ? JSON.stringify(world.bodies[endpoint] ?? {}) : undefined,
    });
    await response.body?.cancel();
    if (!expected.includes(response.status)) findings.push({ endpoint, caller, status: response.status, expected });
  }
  if (route.permission === "public") return [];
  for (const [name, headers] of Object.entries(world.strangers)) await expectStatus(name, headers, REFUSED);
  if (!VIEWER.has(route.permission)) await expectStatus("a viewer", world.viewer, FORBIDDEN);
  if (namesId) await expectStatus("another tenant", world.otherTenant, refusalOf(route));
  return findings;
}

/** Calls every endpoint of the contract as every caller who must be rejected. Returns the callers who were not; expected to be empty. */
export async function walkEndpoints(world: World): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const [endpoint, route] of Object.entries<Route>(api)) findings.push(...(await walkOne(endpoint, route, world)));
  return findings;
}
