// What is shown of one's own devices, fetched when it is opened or while the page is idle.

import { lazyPart, lazySheet } from '../../ui/lazy-part.ts'

const loadElsewhereSheet = () => import('./ElsewhereSheet.vue')

const loadDevicesGroup = () => import('./DevicesGroup.vue')

export const AloneNote = lazyPart(() => import('./AloneNote.vue'))
export const ElsewhereSheet = lazySheet(loadElsewhereSheet)
export const DevicesGroup = lazyPart(loadDevicesGroup)
export const preloadDevices = (): readonly Promise<unknown>[] => [loadElsewhereSheet(), loadDevicesGroup()]
