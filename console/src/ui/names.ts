/** The rule of the server for names (RFC 1123 label of at most 40 characters), so that a slip shows while typing. */
export const isName = (text: string) => /^[a-z0-9]([-a-z0-9]{0,38}[a-z0-9])?$/.test(text);
