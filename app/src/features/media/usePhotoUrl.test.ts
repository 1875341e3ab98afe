// @vitest-environment happy-dom
import { expect, it, vi } from 'vitest'
import { nextTick, shallowRef } from 'vue'
import type { ReadOutcome } from '@kith/protocol'
import { CHAT, createFakeEngine, entry, withSetup } from '../testing/index.ts'
import { usePhotoUrl } from './usePhotoUrl.ts'
import type { FileStatus, StatusName } from './file-status.ts'

const file = { name: '', size: 1, photo: { width: 1, height: 1, thumbhash: new Uint8Array(0) } }
const ofItem = (item: number) => ({ conversation: CHAT, message: entry('m'), item })
const bytes = (first: number): ReadOutcome => ({ kind: 'bytes', bytes: Uint8Array.of(first) })

const begin = () => {
  const asked = new Map<number, (outcome: ReadOutcome) => void>()
  const readFile = vi.fn(({ item }: { item: number }) => new Promise<ReadOutcome>((resolve) => void asked.set(item, resolve)))
  const types: string[] = []
  vi.spyOn(URL, 'createObjectURL').mockImplementation((blob) => `blob:${types.push((blob as Blob).type)}`)
  const item = shallowRef(0)
  const state = shallowRef<StatusName>('here')
  const status = (): FileStatus =>
    state.value === 'here' || state.value === 'unknown'
      ? { state: state.value }
      : { id: 'm/0', message: 'm', item: 0, state: state.value, done: 0 }
  const photo = () => ({ file, of: ofItem(item.value), status: status() })
  const { result, app } = withSetup(() => usePhotoUrl(photo), { ...createFakeEngine(), readFile })
  const answer = async (of: number, outcome: ReadOutcome) => {
    asked.get(of)?.(outcome)
    await new Promise((resolve) => setTimeout(resolve))
  }
  return { ...result, app, item, state, types, readFile, answer }
}

it('an answer that comes after the next photo was asked for is dropped, and the photo before is gone at once', async () => {
  const { item, url, types, answer } = begin()
  await answer(0, bytes(0xff))
  expect(url.value).toBe('blob:1')
  item.value = 1
  await nextTick()
  expect(url.value).toBeUndefined()
  item.value = 2
  await nextTick()
  await answer(2, bytes(0x89))
  await answer(1, bytes(0xff))
  expect([url.value, types]).toEqual(['blob:2', ['image/jpeg', 'image/png']])
})

it('what was wrong with one photo is not said of the next', async () => {
  const { item, fault, answer } = begin()
  await answer(0, { kind: 'refused', reason: 'broken' })
  expect(fault.value).toBe('broken')
  item.value = 1
  await nextTick()
  expect(fault.value).toBeUndefined()
})

it('is read once however far its way to others has come, and makes no address when nobody looks any more', async () => {
  const { app, state, types, readFile, answer } = begin()
  for (const next of ['ready', 'goes', 'here'] as const) {
    state.value = next
    await nextTick()
  }
  expect(readFile).toHaveBeenCalledOnce()
  app.unmount()
  await answer(0, bytes(0xff))
  expect(types).toEqual([])
})

it.each(['before', 'after'] as const)(
  'is read again if its message was there before it, and how far it is was told %s the answer',
  async (when) => {
    const { state, url, fault, readFile, answer } = begin()
    if (when === 'before') state.value = 'goes'
    await nextTick()
    await answer(0, { kind: 'refused', reason: 'not-here' })
    if (when === 'after') state.value = 'goes'
    await nextTick()
    expect([fault.value, readFile.mock.calls.length]).toEqual([undefined, 2])
    await answer(0, bytes(0xff))
    expect([fault.value, url.value]).toEqual([undefined, 'blob:1'])
  },
)

it('is read before it is known where it is, which faults nothing until then; and once known to be here, it is not read again', async () => {
  const { state, url, fault, readFile, answer } = begin()
  state.value = 'unknown'
  await nextTick()
  await answer(0, { kind: 'refused', reason: 'not-here' })
  expect([fault.value, url.value]).toEqual([undefined, undefined])
  state.value = 'here'
  await nextTick()
  expect([fault.value, readFile.mock.calls.length]).toEqual(['not-here', 1])
  state.value = 'offered'
  await nextTick()
  expect(fault.value).toBeUndefined()
})
