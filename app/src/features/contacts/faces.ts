// What people show of themselves beside their name, read where it is looked at and nowhere else: a page asks for the few that stand on its screen. A picture
// is drawn from an address of this page, under the type that its bytes were found to have.

import { shallowReactive, shallowRef, watch } from 'vue'
import { defineStore } from 'pinia'
import type { AccountId, ConversationId, FacePlace, ShownFace } from '@kith/protocol'
import { useAppStore } from '../app/index.ts'
import { useEngine } from '../engine/index.ts'
import { FACES_KEPT_MAX, FACES_READ_AT_ONCE } from '../limits.ts'
import { toPlainName } from '../people/index.ts'

type SeenFace = { readonly about: string; readonly url: string | undefined }

type Known = SeenFace & { readonly bytes: Uint8Array | undefined }

export const useFaces = defineStore('faces', () => {
  const engine = useEngine()
  const app = useAppStore()
  const known = shallowReactive(new Map<string, Known>())
  /** Those that were asked for since somebody came to look otherwise: then another set takes its place, and whoever shows a face asks again. */
  const asked = shallowRef(new Set<string>())
  let waiting: { readonly key: string; readonly place: FacePlace }[] = []

  const drop = (key: string): void => {
    const url = known.get(key)?.url
    if (url !== undefined) URL.revokeObjectURL(url)
    known.delete(key)
  }
  const put = (key: string, face: ShownFace | undefined): void => {
    const before = known.get(key)
    const bytes = face?.picture?.bytes
    const isSame = before !== undefined && isEqual(before.bytes, bytes)
    if (isSame && before.about === toPlainName(face?.about ?? '')) return
    const url = isSame ? before.url : face?.picture && toUrl(face.picture)
    if (!isSame) drop(key)
    known.set(key, { bytes, url, about: toPlainName(face?.about ?? '') })
    const [oldest] = known.keys()
    if (oldest !== undefined && known.size > FACES_KEPT_MAX) drop(oldest)
  }
  const read = async (): Promise<void> => {
    const due = waiting.slice(0, FACES_READ_AT_ONCE)
    waiting = waiting.slice(FACES_READ_AT_ONCE)
    if (waiting.length > 0) queueMicrotask(begin)
    const faces = await engine.readFaces({ places: due.map(({ place }) => place) })
    for (const [index, { key }] of due.entries()) put(key, faces[index])
  }
  // An engine that has failed begins anew, and is asked again then: until it answers they look as they did.
  const begin = (): void => void read().catch(() => undefined)
  watch(
    () => [app.view?.faces, app.status.kind],
    () => (asked.value = new Set()),
  )

  /** Followed by whoever reads it in a template or in a computed value. */
  const of = (chat: ConversationId | 'own', account: string): SeenFace | undefined => {
    const key = `${chat}/${account}`
    if (!asked.value.has(key)) {
      asked.value.add(key)
      const place = { conversation: chat === 'own' ? undefined : chat, account: account as AccountId }
      if (waiting.push({ key, place }) === 1) queueMicrotask(begin)
    }
    return known.get(key)
  }
  return { of }
})

const toUrl = ({ type, bytes }: NonNullable<ShownFace['picture']>): string =>
  URL.createObjectURL(new Blob([new Uint8Array(bytes)], { type: type === 'image/webp' ? 'image/webp' : 'image/jpeg' }))

const isEqual = (a: Uint8Array | undefined, b: Uint8Array | undefined): boolean =>
  a === b || (a !== undefined && b !== undefined && a.length === b.length && a.every((byte, at) => byte === b[at]))
