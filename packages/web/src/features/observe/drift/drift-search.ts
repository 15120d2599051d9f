export type DriftSearch = { day?: string | undefined };
