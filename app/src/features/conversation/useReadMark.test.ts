// @vitest-environment happy-dom
import { computed, nextTick, shallowRef } from 'vue'
import { expect, it, vi } from 'vitest'
import { EngineError } from '../engine/index.ts'
import { useNotices } from '../notices/index.ts'
import { CHAT, createFakeEngine, withSetup } from '../testing/index.ts'
import { words } from '../words.ts'
import { useReadMark } from './useReadMark.ts'

const open = (markRead: () => Promise<void>) => {
  const view = shallowRef({ summary: { unread: 2 } })
  const unread = computed({
    get: () => view.value.summary.unread,
    set: (count) => (view.value = { summary: { unread: count } }),
  })
  const { result } = withSetup(
    () => {
      useReadMark(CHAT, { view: () => view.value, atEnd: () => true })
      return useNotices()
    },
    { ...createFakeEngine(), markRead },
  )
  return { unread, notices: result }
}
const settled = async (): Promise<void> => {
  for (let at = 0; at < 20; at++) await nextTick()
}

it('says once that a full disk keeps nothing, and tries again when there is more to read', async () => {
  const markRead = vi.fn(() => Promise.reject(new EngineError('storage-full', 'full')))
  const { unread, notices } = open(markRead)
  await settled()
  expect(markRead).toHaveBeenCalledTimes(1)
  expect(notices.notices.map(({ text }) => text)).toEqual([words.toast.full])
  unread.value = 3
  await settled()
  expect(markRead).toHaveBeenCalledTimes(2)
  expect(notices.notices.map(({ text }) => text)).toEqual([words.toast.full])
})

it('marks what comes later as well, also after a time without room', async () => {
  const fates = [Promise.reject(new EngineError('storage-full', 'full')), Promise.resolve(), Promise.resolve()]
  const { unread } = open(() => {
    const fate = fates.shift() ?? Promise.reject(new Error('asked too often'))
    return fate.then(() => void (unread.value = 0))
  })
  await settled()
  expect(unread.value).toBe(2)
  unread.value = 3
  await settled()
  expect(unread.value).toBe(0)
  unread.value = 2
  await settled()
  expect([unread.value, fates.length]).toEqual([0, 0])
})

it('marks once what it was shown once, and again when as much has come meanwhile', async () => {
  const markRead = vi.fn(() => Promise.resolve())
  const { unread } = open(markRead)
  await settled()
  expect(markRead).toHaveBeenCalledTimes(1)
  unread.value = 2
  await settled()
  expect(markRead).toHaveBeenCalledTimes(2)
})
