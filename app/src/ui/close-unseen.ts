// A dialog that stands in a part of the page which is no longer shown, as on a phone the list is while a chat is, is not seen either, and would keep the
// whole page from being used.

/** Closes it when it is no longer drawn, whatever took it away. */
export const closeUnseen = (dialog: HTMLDialogElement, close: () => void): void => {
  if (typeof ResizeObserver === 'undefined') return
  new ResizeObserver(() => {
    if (dialog.open && dialog.getClientRects().length === 0) close()
  }).observe(dialog)
}
