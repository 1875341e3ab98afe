// What is loaded when it is first wanted.

import type * as later from './later.ts'

/** Gives what no start needs. */
export type Later = () => Promise<typeof later>

/** Loads something when it is first asked for, once; after a failure once more. */
export function lazily<T>(load: () => Promise<T>): () => Promise<T> {
  let loading: Promise<T> | undefined
  return () => {
    loading ??= load().catch((error: unknown) => {
      loading = undefined
      throw error
    })
    return loading
  }
}
