import type { AnyObject, ObjectList, WatchEvent } from "./types";

/** Revisions are whole numbers counted by one row of the store, so a later one is a greater one. */
export function revision(object: { metadata?: { resourceVersion?: string | null } | null }): bigint {
  const text = object.metadata?.resourceVersion ?? "";
  return /^\d+$/.test(text) ? BigInt(text) : 0n;
}

/**
 * What a list looks like after an event. The same list comes back, by identity, when the event changes nothing, so React draws nothing.
 * An event older than what the list holds is dropped: lists and the stream race.
 */
export function applyToList<T extends AnyObject>(
  list: ObjectList<T>,
  event: WatchEvent,
  belongs: (object: AnyObject) => boolean = () => true,
): ObjectList<T> {
  const object = event.object as T;
  const at = list.items.findIndex((item) => item.metadata.name === object.metadata.name);
  const held = at < 0 ? undefined : list.items[at];
  if (held && revision(held) >= revision(object) && event.type !== "DELETED") {
    return list;
  }
  if (held && revision(held) > revision(object)) {
    return list;
  }
  const gone = event.type === "DELETED" || !belongs(object);
  if (gone) {
    return held ? { ...list, items: list.items.filter((_, index) => index !== at) } : list;
  }
  if (!held) {
    if (revision(list) >= revision(object)) {
      return list; // the list was read after this event, and the object was already gone
    }
    const items = [...list.items, object].toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
    return { ...list, items };
  }
  return { ...list, items: list.items.with(at, object) };
}

/** What a single held object looks like after an event; `undefined` when it is gone. */
export function applyToObject<T extends AnyObject>(held: T, event: WatchEvent): T | undefined {
  const object = event.object as T;
  if (held.metadata.name !== object.metadata.name || revision(held) > revision(object)) {
    return held;
  }
  if (event.type === "DELETED") {
    return undefined;
  }
  return revision(held) === revision(object) ? held : object;
}

/**
 * The newest event of each object, for requests that were under way while events came: their answer may be older than what the stream
 * has told already. Bounded; what falls out is older than any request lives.
 */
export class RecentEvents {
  private readonly events = new Map<string, WatchEvent>();
  constructor(private readonly limit = 2000) {}

  add(event: WatchEvent): void {
    const key = `${event.object.kind}/${event.object.metadata.name}`;
    this.events.delete(key);
    this.events.set(key, event);
    if (this.events.size > this.limit) {
      const oldest = this.events.keys().next().value;
      if (oldest !== undefined) {
        this.events.delete(oldest);
      }
    }
  }

  /** Brings a list just read up to date. */
  catchUpList<T extends AnyObject>(kind: string, list: ObjectList<T>, belongs?: (object: AnyObject) => boolean): ObjectList<T> {
    let result = list;
    for (const event of this.events.values()) {
      if (event.object.kind === kind) {
        result = applyToList(result, event, belongs);
      }
    }
    return result;
  }

  /** Brings an object just read up to date; one deleted meanwhile stays as read, and the next read tells. */
  catchUpObject<T extends AnyObject>(object: T): T {
    const event = this.events.get(`${object.kind}/${object.metadata.name}`);
    return event && event.type !== "DELETED" ? (applyToObject(object, event) ?? object) : object;
  }

  clear(): void {
    this.events.clear();
  }
}
