// Keeps Tab inside a sheet: after the last control comes the first. The browser alone would let the focus leave to its own bars.

const FOCUSABLE = 'a[href], button, input, textarea, select, [tabindex]'

const controlsOf = (sheet: HTMLElement): readonly HTMLElement[] =>
  [...sheet.querySelectorAll<HTMLElement>(FOCUSABLE)].filter((control) => control.tabIndex >= 0 && control.getClientRects().length > 0)

export const loopFocus = (event: KeyboardEvent): void => {
  const sheet = event.currentTarget
  if (event.key !== 'Tab' || !(sheet instanceof HTMLElement)) return
  const controls = controlsOf(sheet)
  const edge = event.shiftKey ? controls.at(0) : controls.at(-1)
  const next = event.shiftKey ? controls.at(-1) : controls.at(0)
  const { activeElement } = sheet.ownerDocument
  if (next === undefined || (activeElement !== edge && sheet.contains(activeElement) && activeElement !== sheet)) return
  event.preventDefault()
  next.focus()
}
