// Keeps the focus where it was, as nearly as possible, when the control that has it disappears: a browser would give it to nothing, and the
// next key would start at the top of the page.

import { onScopeDispose } from 'vue'

const ancestorsOf = (node: Element): readonly HTMLElement[] => {
  const found: HTMLElement[] = []
  for (let at = node.parentElement; at !== null; at = at.parentElement) found.push(at)
  return found
}
const canTakeFocus = (element: HTMLElement): boolean =>
  element.isConnected && (element.hasAttribute('tabindex') || element.matches('dialog[open]'))

export const useKeptFocus = (page: Document = document): void => {
  let last: Element | undefined
  let around: readonly HTMLElement[] = []

  const remember = ({ target }: FocusEvent) => {
    if (!(target instanceof Element)) return
    last = target
    around = ancestorsOf(target)
  }
  const watcher = new MutationObserver(() => {
    if (last === undefined || last.isConnected) return
    last = undefined
    // Whoever took the control away may have given the focus to something already.
    if (page.activeElement !== null && page.activeElement !== page.body) return
    const nearest = around.find(canTakeFocus) ?? page.querySelector<HTMLElement>('main')
    nearest?.focus({ preventScroll: true })
  })

  page.addEventListener('focusin', remember)
  watcher.observe(page.body, { childList: true, subtree: true })
  onScopeDispose(() => {
    page.removeEventListener('focusin', remember)
    watcher.disconnect()
  })
}
