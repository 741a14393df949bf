/** Nagaya's mark: three doors under one roof. */
export function Mark({ size = 32 }: { readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="7" fill="#15396b" />
      <path d="M4 14.500 8 8h16l4 6.500V16H4z" fill="#f2a33a" />
      <path d="M6 17h20v8H6z" fill="#fff" />
      <path d="M8.500 19h3v6h-3zM14.500 19h3v6h-3zM20.500 19h3v6h-3z" fill="#15396b" />
    </svg>
  );
}
