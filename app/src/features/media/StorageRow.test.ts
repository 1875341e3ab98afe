// @vitest-environment happy-dom
import { nextTick } from 'vue'
import { beforeAll, expect, it, vi } from 'vitest'
import { createFakeEngine, render } from '../testing/index.ts'
import { useNotices } from '../notices/index.ts'
import { voiceWords } from '../voice-words.ts'
import StorageRow from './StorageRow.vue'

beforeAll(() => {
  HTMLDialogElement.prototype.showModal ??= function () {
    this.open = true
  }
})

it('says that it could not look, and looks once more where somebody asks', async () => {
  let isThere = false
  const readChatsHere = vi.fn(() => (isThere ? Promise.resolve({ chats: [] }) : Promise.reject(new Error('gone'))))
  const { place } = render(StorageRow, {}, createFakeEngine({ readChatsHere }))
  const row = place.querySelector<HTMLElement>('[data-testid="storage"]') ?? expect.fail('no row')
  const told = () => useNotices().notices.length
  await vi.waitFor(() => expect(told()).toBe(1))
  row.click()
  await vi.waitFor(() => expect(readChatsHere).toHaveBeenCalledTimes(2))
  await nextTick()
  expect([told(), place.querySelector('dialog')]).toEqual([1, null])
  isThere = true
  row.click()
  await vi.waitFor(() => expect(readChatsHere).toHaveBeenCalledTimes(3))
  await vi.waitFor(() => expect(place.textContent).toContain(voiceWords.nowhere))
})
