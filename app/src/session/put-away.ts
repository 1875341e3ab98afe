// The browser's back/forward cache: a page that is left is put away whole, with its worker and its locks, and may come back as it was. What
// all tabs share must not sleep with it, so the page leaves it, and begins anew when it is back.

/** Calls `leave` when the page is put away, and `begin` when it is back. */
export function whenPutAway(
  leave: () => void,
  begin: () => void = () => location.reload(),
  page: Pick<EventTarget, 'addEventListener'> = window,
): void {
  page.addEventListener('pagehide', (event) => isPutAway(event) && leave())
  page.addEventListener('pageshow', (event) => isPutAway(event) && begin())
}

/** Otherwise the page ends, or begins. */
const isPutAway = (event: Event): boolean => 'persisted' in event && event.persisted === true
