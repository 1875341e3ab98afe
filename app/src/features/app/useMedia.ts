// A media query as a ref, for the few things that style sheets alone cannot decide.

import { onScopeDispose, shallowReadonly, shallowRef } from 'vue'
import type { ShallowRef } from 'vue'

export const useMedia = (
  query: string,
  ask: (query: string) => MediaQueryList = (text) => matchMedia(text),
): Readonly<ShallowRef<boolean>> => {
  const list = ask(query)
  const matches = shallowRef(list.matches)
  const update = (): void => {
    matches.value = list.matches
  }
  list.addEventListener('change', update)
  onScopeDispose(() => list.removeEventListener('change', update))
  return shallowReadonly(matches)
}

export const PHONE = '(max-width: 719px)'
export const TOUCH = '(pointer: coarse)'
