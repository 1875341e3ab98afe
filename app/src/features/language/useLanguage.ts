// Follows the language of the settings, wherever it was chosen, and of the browser where that decides.

import { onScopeDispose, watch } from 'vue'
import { choose } from './speak.ts'
import type { Chosen } from './speak.ts'

/** `chosen` is undefined until the settings are loaded. */
export const useLanguage = (chosen: () => Chosen | undefined, page: Window = window): void => {
  const follow = (): void => {
    const language = chosen()
    if (language !== undefined) void choose(language)
  }
  watch(chosen, follow)
  page.addEventListener('languagechange', follow)
  onScopeDispose(() => page.removeEventListener('languagechange', follow))
}
