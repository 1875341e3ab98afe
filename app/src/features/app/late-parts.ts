// Parts of a screen that are fetched beside it, so that they weigh on no first load. Those that cannot be had come later.

import { shallowReadonly, shallowRef } from 'vue'
import type { ShallowRef } from 'vue'
import { partLoaded } from '../../ui/lazy-part.ts'

export type LateParts<T> = {
  readonly load: () => Promise<void>
  /** Asks for them; undefined until they are here. */
  readonly use: () => Readonly<ShallowRef<T | undefined>>
}

export const createLateParts = <T>(fetchParts: () => Promise<T>): LateParts<T> => {
  const parts = shallowRef<T>()
  let loading: Promise<void> | undefined

  const load = (): Promise<void> => (loading ??= partLoaded(fetchParts).then((loaded) => void (parts.value = loaded)))
  const use = () => {
    void load()
    return shallowReadonly(parts)
  }
  return { load, use }
}
