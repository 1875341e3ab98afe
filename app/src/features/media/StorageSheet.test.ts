// @vitest-environment happy-dom
import { nextTick } from 'vue'
import { beforeAll, expect, it, vi } from 'vitest'
import type { ConversationId } from '@kith/protocol'
import { STORAGE_CHATS_AT_ONCE } from '../limits.ts'
import { createFakeEngine, render, summary } from '../testing/index.ts'
import { voiceWords } from '../voice-words.ts'
import StorageSheet from './StorageSheet.vue'

const idOf = (at: number) => String(at).padStart(64, '0') as ConversationId

// happy-dom has no open dialogs.
beforeAll(() => {
  HTMLDialogElement.prototype.showModal ??= function () {
    this.open = true
  }
})

const sheet = async (count: number) => {
  const chats = Array.from({ length: count }, (_, at) => ({ conversation: idOf(at), count: 1, bytes: 1_000 * (count - at) }))
  const listed = chats.slice(0, -1).map(({ conversation }, at) => summary({ id: conversation, name: `Friend ${at}` }))
  const readFilesHere = vi.fn(() => Promise.resolve({ files: [], count: 0, bytes: 0 }))
  const engine = { ...createFakeEngine({ readFilesHere }), readFirstChats: () => Promise.resolve({ chats: listed, isWhole: true }) }
  const { place } = render(StorageSheet, { chats }, engine)
  await vi.waitFor(() => expect(rows(place).length).toBeGreaterThan(0))
  return { place, readFilesHere }
}
const rows = (place: HTMLElement) => [...place.querySelectorAll<HTMLElement>('[data-testid="storage-chat"]')]

it('shows the largest first, more with each tap, and none that the list does not have', async () => {
  const { place } = await sheet(STORAGE_CHATS_AT_ONCE + 6)
  expect(rows(place)).toHaveLength(STORAGE_CHATS_AT_ONCE)
  expect(rows(place)[0]?.textContent).toContain('Friend 0')
  place.querySelector<HTMLElement>('[data-testid="storage-more"]')?.click()
  await nextTick()
  expect(rows(place)).toHaveLength(STORAGE_CHATS_AT_ONCE + 5)
  expect(place.querySelector('[data-testid="storage-more"]')).toBeNull()
})

it('leads to the files of a chat, and says where there are none', async () => {
  const { place, readFilesHere } = await sheet(3)
  rows(place)[1]?.click()
  await vi.waitFor(() => expect(place.textContent).toContain(voiceWords.nothingHere))
  expect(readFilesHere).toHaveBeenCalledWith({ conversation: idOf(1) })
  expect(place.querySelector('h2')?.textContent?.replaceAll(/[\u2068\u2069]/g, '')).toBe('Files of Friend 1')
})
