import type { ComponentType } from "react";

export type Load = () => Promise<{ default: ComponentType }>;

/** Fetches a part of the console, more than once if need be: a browser drops what is under way whenever the computer's network changes. */
export function persistent(load: Load, attempts = 4): Load {
  return async () => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        // oxlint-disable-next-line no-await-in-loop -- one attempt after the other
        return await load();
      } catch (error) {
        if (attempt >= attempts) {
          throw error;
        }
        // oxlint-disable-next-line no-await-in-loop -- as above
        await new Promise((resolve) => setTimeout(resolve, 300 * attempt));
      }
    }
  };
}
