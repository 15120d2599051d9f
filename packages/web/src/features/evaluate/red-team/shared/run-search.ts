/** The address parameters of a run: the open cell of the matrix, and the arm that it shows. */
export type RunSearch = { plugin?: string | undefined; strategy?: string | undefined; arm?: number | undefined };
