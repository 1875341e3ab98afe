// What has to be said of the engine: instead of everything else, or beside what is on the screen already.

import { computed } from 'vue'
import type { ComputedRef } from 'vue'
import { useLate } from '../features/app/index.ts'
import type { useAppStore } from '../features/app/index.ts'
import type { EngineFailure } from '../features/engine/index.ts'
import { words } from '../features/words.ts'

/** Opening that takes longer than this, ms from the first byte of the page, is put into words. */
export const OPENING_PATIENCE_MS = 4_500
/** At least so long is waited once the app is there. */
const MOUNTED_PATIENCE_MS = 1_000

type App = Pick<ReturnType<typeof useAppStore>, 'status' | 'view'>
type Options = { readonly sinceFirstByte?: () => number }

export const useEngineNote = (app: App, { sinceFirstByte = () => performance.now() }: Options = {}) => {
  // Who reads or writes goes on with what is there while there is no room.
  const failure: ComputedRef<EngineFailure | undefined> = computed(() => {
    if (app.status.kind !== 'failed') return undefined
    return app.status.code === 'storage-full' && app.view !== undefined ? undefined : app.status.code
  })
  const isOpening = (): boolean => app.status.kind !== 'failed' && app.view === undefined
  const isLate = useLate(isOpening, Math.max(MOUNTED_PATIENCE_MS, OPENING_PATIENCE_MS - sinceFirstByte()))
  const note = computed(() => {
    if (failure.value !== undefined) return undefined
    if (app.status.kind === 'failed') return words.failed.quota
    if (app.view?.isRevoked === true) return words.failed.revoked
    return isLate.value ? words.failed.slow : undefined
  })
  return { failure, note }
}
