// Which version and build of Kith this page is, as it was written beside it when it was built (tools/precache.ts).

import { onMounted, shallowReadonly, shallowRef } from 'vue'

export type Build = { readonly version: string; readonly build: string }

const VERSION = /^\d{1,4}\.\d{1,4}\.\d{1,4}(?:-[\w.]{1,20})?$/
const BUILD = /^[\da-f]{16}$/
/** Digits that are read at once. */
const GROUP = /.{4}(?=.)/g

export const parseBuild = (said: unknown): Build | undefined => {
  const { version, build } = (said ?? {}) as { readonly version?: unknown; readonly build?: unknown }
  if (typeof version !== 'string' || typeof build !== 'string' || !VERSION.test(version) || !BUILD.test(build)) return undefined
  return { version, build: build.replace(GROUP, '$& ') }
}

/** Undefined until it is read, and where nothing was built: a page that is being worked on. */
export const useBuild = (page: Pick<Window, 'fetch'> = window) => {
  const build = shallowRef<Build>()
  onMounted(async () => {
    build.value = await page
      .fetch('/build.json')
      .then((answer) => answer.json())
      .then(parseBuild)
      .catch(() => undefined)
  })
  return shallowReadonly(build)
}
