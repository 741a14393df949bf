/** One server-sent event; comments (heartbeats) come out as events without data. */
export interface ServerEvent {
  readonly id: string | undefined;
  readonly data: string | undefined;
}

/**
 * Cuts a stream of text into server-sent events (HTML Standard, 9.2.6), across whatever chunk borders the network makes.
 * Used instead of EventSource because that hides the status code, and a session that is over must not look like a network fault.
 */
export class EventParser {
  private rest = "";
  private data: string[] = [];
  private id: string | undefined;
  private seenComment = false;

  push(chunk: string): ServerEvent[] {
    const events: ServerEvent[] = [];
    this.rest += chunk;
    for (;;) {
      const end = this.rest.search(/\r\n|\n|\r/);
      // A lone CR at the very end may be half of a CRLF: wait for the next chunk.
      if (end < 0 || (this.rest[end] === "\r" && end === this.rest.length - 1)) {
        return events;
      }
      const line = this.rest.slice(0, end);
      this.rest = this.rest.slice(end + (this.rest.startsWith("\r\n", end) ? 2 : 1));
      const event = this.line(line);
      if (event) {
        events.push(event);
      }
    }
  }

  private line(line: string): ServerEvent | undefined {
    if (line === "") {
      const complete = this.data.length > 0 || this.seenComment;
      const event = { id: this.id, data: this.data.length > 0 ? this.data.join("\n") : undefined };
      this.data = [];
      this.seenComment = false;
      return complete ? event : undefined;
    }
    if (line.startsWith(":")) {
      this.seenComment = true;
      return undefined;
    }
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "data") {
      this.data.push(value);
    } else if (field === "id") {
      this.id = value;
    }
    return undefined;
  }
}
