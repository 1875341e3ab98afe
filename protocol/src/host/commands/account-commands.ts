// Commands about people rather than chats: one's own name and settings, what others are called here, whose safety number was compared.

import { cleanName } from '../../conversation/text.ts'
import { setPetname, setVerifiedNumber } from '../../documents/account.ts'
import { safetyNumberOf } from '../../identity/safety-number.ts'
import type { Commands } from '../../engine.ts'
import type { Documents } from '../documents/documents.ts'
import type { Loop } from '../loop.ts'
import type { SettingsStore } from './settings.ts'

type Parts = {
  readonly loop: Loop
  readonly settings: SettingsStore
  /** Views of any chat may be others now. */
  readonly changed: () => void
}

export function createAccountCommands(
  { loop, settings: kept, changed }: Parts,
  saveAccount: (change: Parameters<Documents['saveAccount']>[0]) => Promise<void>,
): Pick<Commands, 'setName' | 'setVerified' | 'setPetname' | 'setSettings'> {
  return {
    setName: async ({ name }) => void (await loop.ask({ kind: 'set-name', name })),
    setVerified: ({ account: of, isVerified }) => {
      const number = safetyNumberOf([loop.state().self.account, of])
      return saveAccount((account) => setVerifiedNumber(account, of, isVerified ? number : undefined))
    },
    setPetname: ({ account: of, name }) => saveAccount((account) => setPetname(account, of, cleanName(name) || undefined)),
    setSettings: async ({ settings }) => {
      await kept.write(settings)
      if (settings.readReceipts !== undefined) await loop.ask({ kind: 'set-read-receipts', readReceipts: settings.readReceipts })
      changed()
    },
  }
}
