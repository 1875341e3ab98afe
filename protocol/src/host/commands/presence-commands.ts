// What a page tells of the person before it, and asks about others.

import { readSeen } from '../presence/seen-rows.ts'
import type { Commands } from '../../engine.ts'
import type { Store } from '../../ports.ts'
import type { Presence } from '../presence/presence.ts'
import type { SettingsStore } from './settings.ts'

type Parts = {
  readonly store: Pick<Store, 'get'>
  readonly settings: Pick<SettingsStore, 'read'>
  /** Undefined before anybody can be reached. */
  readonly presence: () => Presence | undefined
}

export const createPresenceCommands = ({ store, settings, presence }: Parts): Pick<Commands, 'tellPresence' | 'readSeen'> => ({
  tellPresence: (own) => Promise.resolve(presence()?.tell(own)),
  readSeen: async ({ account }) => ({ seen: settings.read().presence ? await readSeen(store, account) : undefined }),
})
