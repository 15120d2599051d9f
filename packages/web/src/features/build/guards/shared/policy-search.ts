/** The tab of a policy's page, and the preview that is shown. */
export type PolicySearch = { tab?: string | undefined; preview?: string | undefined };
