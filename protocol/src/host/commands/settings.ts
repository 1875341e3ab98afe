// The person's settings, kept in the account document. Values of an unknown kind count as the default.

import { setSetting, settingOf } from '../../documents/account.ts'
import type { Settings } from '../../views.ts'
import type { Documents } from '../documents/documents.ts'

const THEMES: readonly Settings['theme'][] = ['system', 'light', 'dark']
const LANGUAGES: readonly Settings['language'][] = ['system', 'en', 'de', 'es', 'ar', 'zh-Hans']

export type SettingsStore = {
  readonly read: () => Settings
  /** Resolves when the change is durable. */
  readonly write: (change: Partial<Settings>) => Promise<void>
}

export const createSettings = (documents: Documents): SettingsStore => ({
  read: () => ({
    theme: THEMES.find((theme) => theme === settingOf(documents.account(), 'theme')) ?? 'system',
    language: LANGUAGES.find((language) => language === settingOf(documents.account(), 'language')) ?? 'system',
    readReceipts: settingOf(documents.account(), 'readReceipts') !== false,
    enterSends: settingOf(documents.account(), 'enterSends') !== false,
    presence: settingOf(documents.account(), 'presence') !== false,
    typing: settingOf(documents.account(), 'typing') !== false,
  }),
  write: async (change) => {
    for (const [name, value] of Object.entries(change)) await documents.saveAccount((account) => setSetting(account, name, value))
  },
})
