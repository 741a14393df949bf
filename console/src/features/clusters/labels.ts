/** Labels as one writes them down, `key=value` a line. */
export const labelsAsText = (labels: Readonly<Record<string, string>> = {}) =>
  Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join("\n");

/** Labels from such a text; what is in `bad` is the first line that is none. */
export function labelsFromText(text: string): { readonly labels: Record<string, string>; readonly bad?: string } {
  const labels: Record<string, string> = {};
  for (const line of text.split("\n").map((one) => one.trim())) {
    if (line === "") {
      continue;
    }
    // The rule of Kubernetes for labels: at most 63 characters, the first and the last a letter or digit.
    const found = /^((?:[a-z0-9][-.a-z0-9]*\/)?[A-Za-z0-9](?:[-\w.]{0,61}[A-Za-z0-9])?)=((?:[A-Za-z0-9](?:[-\w.]{0,61}[A-Za-z0-9])?)?)$/.exec(line);
    if (!found) {
      return { labels, bad: line };
    }
    labels[found[1] ?? ""] = found[2] ?? "";
  }
  return { labels };
}
