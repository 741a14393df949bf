/** How long to wait before trying again: doubling from `first` to `most`, in milliseconds, with half of it left to chance so that a
 * restarted server is not met by every tab in the same instant. `chance` is in [0, 1). */
export function backoff(attempt: number, chance: number, first = 500, most = 10_000): number {
  const ceiling = Math.min(most, first * 2 ** Math.max(0, attempt));
  return Math.max(first, Math.round(ceiling / 2 + (ceiling / 2) * chance));
}
