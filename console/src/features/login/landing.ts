/**
 * Where `/login?next=…` leads once somebody is logged in: to the page asked for, or home. A link from elsewhere may say anything, so
 * only a page of this console counts, as the browser itself would read it (`//host`, `/\host` and `/.//host` are other hosts' pages).
 */
export function landing(next: string | null, origin = location.origin): string {
  if (!next?.startsWith("/") || !URL.canParse(next, origin)) {
    return "/";
  }
  const page = new URL(next, origin);
  return page.origin === origin && !page.pathname.startsWith("//") ? page.pathname + page.search + page.hash : "/";
}
