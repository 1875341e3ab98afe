// The browser's back/forward cache: a page that is left is put away whole, with its worker and its locks, and may come back as it was. What
// all tabs share must not sleep with it, so the page lets go of it, and takes part again when it is back.

export type Part = { readonly letGo: () => void; readonly takePart: () => void }

/** Calls `letGo` each time the page is put away, and `takePart` when it is back. */
export function whenPutAway({ letGo, takePart }: Part, page: Pick<EventTarget, 'addEventListener'> = window): void {
  page.addEventListener('pagehide', (event) => isPutAway(event) && letGo())
  page.addEventListener('pageshow', (event) => isPutAway(event) && takePart())
}

/** Otherwise the page ends, or begins. */
const isPutAway = (event: Event): boolean => 'persisted' in event && event.persisted === true
