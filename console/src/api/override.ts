import { ApiError } from "./errors";

/** Asks whether to change all the same what a Source owns, and answers yes or no. */
type Ask = (refusal: ApiError) => Promise<boolean>;
let ask: Ask = async () => false;

/** Sets who asks: one dialog for all forms and buttons. */
export function onSourceOwned(asker: Ask): void {
  ask = asker;
}

/** Writes; when a Source owns what would change, asks, and upon a yes writes once more, saying so. A no leaves the refusal as it is. */
export async function sayingSo<T>(write: (query: { readonly override?: "source" }) => Promise<T>): Promise<T> {
  try {
    return await write({});
  } catch (error) {
    if (error instanceof ApiError && error.reason === "SourceOwned" && (await ask(error))) {
      return write({ override: "source" });
    }
    throw error;
  }
}
