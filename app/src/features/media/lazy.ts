// Fetched beside the first messages, so that it weighs on no first load. Until it is here, a message is its text.

import { shallowReadonly, shallowRef } from 'vue'
import type { ShallowRef } from 'vue'

const loadParts = () => import('./parts.ts')
type Parts = Awaited<ReturnType<typeof loadParts>>

const parts = shallowRef<Parts>()
let loading: Promise<void> | undefined

export const useMediaParts = (): Readonly<ShallowRef<Parts | undefined>> => {
  void (loading ??= loadParts().then(
    (loaded) => void (parts.value = loaded),
    () => void (loading = undefined),
  ))
  return shallowReadonly(parts)
}
