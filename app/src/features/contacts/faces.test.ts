// @vitest-environment happy-dom
// Faces on the screen: asked for where they are looked at, once, together, and drawn under a type of ours alone.

import { expect, it, vi } from 'vitest'
import { computed, nextTick, watchEffect } from 'vue'
import type { CommandInput, ShownFace } from '@kith/protocol'
import { FACES_KEPT_MAX, FACES_READ_AT_ONCE } from '../limits.ts'
import { appView, createFakeEngine, ME, withSetup, CHAT } from '../testing/index.ts'
import { useFaces } from './faces.ts'

const settle = () => new Promise((resolve) => setTimeout(resolve))
const face = (first: number, about = ''): ShownFace => ({ about, picture: { type: 'image/webp', bytes: Uint8Array.of(first) } })

function begin(answer: (place: { readonly account: string }) => ShownFace | undefined) {
  const types: string[] = []
  const revoked: string[] = []
  vi.spyOn(URL, 'createObjectURL').mockImplementation((blob) => `blob:${types.push((blob as Blob).type)}`)
  vi.spyOn(URL, 'revokeObjectURL').mockImplementation((url) => void revoked.push(url))
  const readFaces = vi.fn(({ places }: CommandInput<'readFaces'>) => Promise.resolve(places.map(answer)))
  const engine = { ...createFakeEngine(), readFaces }
  const { result } = withSetup(() => useFaces(), engine)
  return { faces: result, engine, readFaces, types, revoked }
}

it('those that are looked at in one moment are read together, and once', async () => {
  const { faces, readFaces } = begin(({ account }) => (account === 'a' ? face(1, 'Here') : undefined))
  expect(faces.of(CHAT, 'a')).toBeUndefined()
  for (const account of ['a', 'b', 'a']) faces.of(CHAT, account)
  await settle()
  expect(readFaces).toHaveBeenCalledTimes(1)
  expect(faces.of(CHAT, 'a')).toMatchObject({ about: 'Here', url: 'blob:1' })
  expect(faces.of(CHAT, 'b')).toMatchObject({ about: '', url: undefined })
  await settle()
  expect(readFaces).toHaveBeenCalledTimes(1)
})

it('no more than FACES_READ_AT_ONCE are asked for at once', async () => {
  const { faces, readFaces } = begin(() => undefined)
  for (let one = 0; one <= FACES_READ_AT_ONCE; one += 1) faces.of(CHAT, `${one}`)
  await settle()
  expect(readFaces.mock.calls.map(([{ places }]) => places.length)).toEqual([FACES_READ_AT_ONCE, 1])
})

it('no more than FACES_KEPT_MAX are kept, and those that went are not asked for again and again', async () => {
  const { faces, readFaces, revoked } = begin(() => face(1))
  for (let one = 0; one <= FACES_KEPT_MAX; one += 1) faces.of(CHAT, `${one}`)
  await settle()
  const calls = readFaces.mock.calls.length
  expect(faces.of(CHAT, '0')).toBeUndefined()
  expect(revoked).toHaveLength(1)
  await settle()
  expect(readFaces).toHaveBeenCalledTimes(calls)
})

it('when somebody has come to look otherwise whoever shows them asks again, and the address of the picture before goes', async () => {
  let now = face(1)
  const { faces, engine, revoked } = begin(() => now)
  const seen: (string | undefined)[] = []
  const url = computed(() => faces.of('own', ME)?.url)
  watchEffect(() => void seen.push(url.value))
  await settle()
  engine.showApp(appView({ faces: 1 }))
  await settle()
  now = face(2)
  engine.showApp(appView({ faces: 2 }))
  await settle()
  await nextTick()
  expect(seen).toEqual([undefined, 'blob:1', 'blob:2'])
  expect(revoked).toEqual(['blob:1'])
})

it('attack: whatever type an engine names, a picture is drawn as one of two, and marks of direction are taken out of a line', async () => {
  const odd = { type: 'image/svg+xml', bytes: Uint8Array.of(1) } as unknown as NonNullable<ShownFace['picture']>
  const { faces, types } = begin(() => ({ about: '\u202egardener\u2066', picture: odd }))
  faces.of(CHAT, 'a')
  await settle()
  expect(types).toEqual(['image/jpeg'])
  expect(faces.of(CHAT, 'a')?.about).toBe('gardener')
})
