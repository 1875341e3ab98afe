// Door of the settings, fetched when first opened or while the page is idle.

import { lazyPart } from '../../ui/lazy-part.ts'

const loadSettings = () => import('./SettingsScreen.vue')

export const SettingsScreen = lazyPart(loadSettings)
export const preloadSettings = (): readonly Promise<unknown>[] => [loadSettings()]
/** What keeps this device notified while a page is open. */
export const loadPush = () => import('./follow-push.ts')
export { listenForInstallOffer } from './useInstall.ts'
