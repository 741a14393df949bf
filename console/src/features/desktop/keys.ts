/** A key as an X11 keysym and as the physical key a browser names (UI Events KeyboardEvent code Values); `null` where the place of
 * the key depends on the keyboard and only its meaning counts. */
export interface Key {
  readonly keysym: number;
  readonly code: string | null;
}

const key = (keysym: number, code: string | null = null): Key => ({ keysym, code });

// X11's keysymdef.h.
export const KEYS = {
  Control: key(0xffe3, "ControlLeft"),
  Alt: key(0xffe9, "AltLeft"),
  Shift: key(0xffe1, "ShiftLeft"),
  Super: key(0xffeb, "MetaLeft"),
  Tab: key(0xff09, "Tab"),
  Escape: key(0xff1b, "Escape"),
  Enter: key(0xff0d, "Enter"),
  BackSpace: key(0xff08, "Backspace"),
  Delete: key(0xffff, "Delete"),
  F4: key(0xffc1, "F4"),
  F11: key(0xffc8, "F11"),
  N: key(0x6e, "KeyN"),
  T: key(0x74, "KeyT"),
  V: key(0x76, "KeyV"),
  W: key(0x77, "KeyW"),
  ZenkakuHankaku: key(0xff2a),
  Henkan: key(0xff23),
  Muhenkan: key(0xff22),
  HiraganaKatakana: key(0xff27),
  Eisu: key(0xff30),
} as const satisfies Record<string, Key>;

export interface Combination {
  readonly id: string;
  /** As printed on the keys; the same in every language. */
  readonly label: string;
  readonly keys: readonly Key[];
}

/** What a browser or the system it runs on keeps for itself. */
export const COMBINATIONS: readonly Combination[] = [
  { id: "ctrl-alt-del", label: "Ctrl+Alt+Del", keys: [KEYS.Control, KEYS.Alt, KEYS.Delete] },
  { id: "ctrl-w", label: "Ctrl+W", keys: [KEYS.Control, KEYS.W] },
  { id: "ctrl-t", label: "Ctrl+T", keys: [KEYS.Control, KEYS.T] },
  { id: "ctrl-n", label: "Ctrl+N", keys: [KEYS.Control, KEYS.N] },
  { id: "alt-tab", label: "Alt+Tab", keys: [KEYS.Alt, KEYS.Tab] },
  { id: "alt-f4", label: "Alt+F4", keys: [KEYS.Alt, KEYS.F4] },
  { id: "super", label: "Super", keys: [KEYS.Super] },
  { id: "escape", label: "Esc", keys: [KEYS.Escape] },
  { id: "f11", label: "F11", keys: [KEYS.F11] },
];

/** The keys of a Japanese keyboard, which some systems swallow and other keyboards lack. */
export const JAPANESE: readonly Combination[] = [
  { id: "zenkaku", label: "半角/全角", keys: [KEYS.ZenkakuHankaku] },
  { id: "henkan", label: "変換", keys: [KEYS.Henkan] },
  { id: "muhenkan", label: "無変換", keys: [KEYS.Muhenkan] },
  { id: "kana", label: "かな", keys: [KEYS.HiraganaKatakana] },
  { id: "eisu", label: "英数", keys: [KEYS.Eisu] },
];

type Send = (keysym: number, code: string | null, down: boolean) => void;

/** Presses the keys in order and lets them go in reverse, as fingers do. */
export function press(keys: readonly Key[], send: Send): void {
  for (const { keysym, code } of keys) {
    send(keysym, code, true);
  }
  for (const { keysym, code } of keys.toReversed()) {
    send(keysym, code, false);
  }
}

/**
 * The keysym that stands for a character: Latin-1 keeps its number, control characters have keys of their own, all others are
 * 0x01000000 plus the code point (X11 protocol, appendix A).
 */
export function keysymOf(codePoint: number): number | undefined {
  switch (codePoint) {
    case 0x09:
      return KEYS.Tab.keysym;
    case 0x0a:
    case 0x0d:
      return KEYS.Enter.keysym;
    case 0x08:
      return KEYS.BackSpace.keysym;
    default:
  }
  if ((codePoint >= 0x20 && codePoint <= 0x7e) || (codePoint >= 0xa0 && codePoint <= 0xff)) {
    return codePoint;
  }
  return codePoint > 0xff ? 0x01000000 + codePoint : undefined;
}

/** Types a text, whatever its script, character by character. */
export function typeText(text: string, send: Send): void {
  for (const character of text.replaceAll("\r\n", "\n")) {
    const keysym = keysymOf(character.codePointAt(0) ?? 0);
    if (keysym !== undefined) {
      send(keysym, null, true);
      send(keysym, null, false);
    }
  }
}
