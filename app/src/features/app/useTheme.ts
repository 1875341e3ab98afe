// Puts the chosen theme on the page. The choice is remembered beside the engine's settings, so that the next start does not flash.

import { watch } from 'vue'
import type { Settings } from '@kith/protocol'
import { kept } from '../storage/index.ts'
import type { KeptStorage } from '../storage/index.ts'

const KEY = 'kith.theme'
const CANVAS = { light: '#f3f2ee', dark: '#181715' }

type Options = { readonly root?: HTMLElement; readonly storage?: KeptStorage; readonly system?: MediaQueryList }

const isTheme = (value: string | null): value is Settings['theme'] => value === 'system' || value === 'light' || value === 'dark'

const paintBars = (theme: Settings['theme'], system: MediaQueryList): void => {
  const shown = theme === 'system' ? (system.matches ? 'dark' : 'light') : theme
  for (const meta of document.querySelectorAll('meta[name="theme-color"]')) meta.setAttribute('content', CANVAS[shown])
}

/** `theme` is undefined until the settings are loaded. */
export const useTheme = (theme: () => Settings['theme'] | undefined, options: Options = {}): void => {
  const { root = document.documentElement, storage = kept, system = matchMedia('(prefers-color-scheme: dark)') } = options
  const show = (chosen: Settings['theme']): void => {
    if (chosen === 'system') delete root.dataset['theme']
    else root.dataset['theme'] = chosen
    paintBars(chosen, system)
  }
  const remembered = storage.getItem(KEY)
  show(isTheme(remembered) ? remembered : 'system')
  system.addEventListener('change', () => show(theme() ?? 'system'))
  watch(theme, (chosen) => {
    if (chosen === undefined) return
    storage.setItem(KEY, chosen)
    show(chosen)
  })
}
