// Letters and digits that are not mistaken for one another when read out or written down.
const ALPHABET = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/** A password of 20 characters, 114 bits: for handing over once. */
export function generatePassword(): string {
  const characters: string[] = [];
  while (characters.length < 20) {
    for (const byte of crypto.getRandomValues(new Uint8Array(32))) {
      // Bytes beyond the last whole multiple would make some letters likelier.
      if (byte < 256 - (256 % ALPHABET.length) && characters.length < 20) {
        characters.push(ALPHABET[byte % ALPHABET.length] ?? "");
      }
    }
  }
  return characters.join("");
}
