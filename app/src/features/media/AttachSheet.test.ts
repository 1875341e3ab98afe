// @vitest-environment happy-dom
import { createApp, h, nextTick, shallowRef } from 'vue'
import { createPinia } from 'pinia'
import { beforeAll, expect, it, vi } from 'vitest'
import type { EntryId, SendFilesOutcome } from '@kith/protocol'
import { engineKey } from '../engine/index.ts'
import { CHAT, createFakeEngine } from '../testing/index.ts'
import AttachSheet from './AttachSheet.vue'
import { FILES_MAX } from './limits.ts'

// happy-dom has no open dialogs.
beforeAll(() => {
  HTMLDialogElement.prototype.showModal ??= function () {
    this.open = true
  }
})

const named = (name: string) => new File(['x'], name)

it('what another app shares while the rest is on its way waits: it comes back where that fails, and is handed on where it goes', async () => {
  const [files, text] = [shallowRef<readonly File[]>([named('mine.txt')]), shallowRef('Mine')]
  const place = document.createElement('div')
  document.body.append(place)
  const answers: ((outcome: SendFilesOutcome) => void)[] = []
  const engine = { ...createFakeEngine(), sendFiles: () => new Promise<SendFilesOutcome>((resolve) => answers.push(resolve)) }
  const onClose = vi.fn()
  const app = createApp(() => h(AttachSheet, { conversation: CHAT, files: files.value, text: text.value, onClose }))
  app.use(createPinia()).provide(engineKey, engine).mount(place)
  const rows = () => [...place.querySelectorAll('li b')].map((row) => row.textContent)
  const caption = () => place.querySelector<HTMLTextAreaElement>('[data-testid="attach-caption"]')?.value
  const send = async () => {
    const before = answers.length
    await vi.waitFor(() => {
      place.querySelector('form')?.dispatchEvent(new Event('submit'))
      expect(answers).toHaveLength(before + 1)
    })
  }
  await vi.waitFor(() => expect(rows()).toEqual(['mine.txt']))
  await send()
  files.value = [...files.value, named('late.txt')]
  text.value = 'Late words'
  await nextTick()
  expect([rows(), caption()]).toEqual([['mine.txt'], 'Mine'])
  answers[0]?.({ kind: 'refused', reason: 'too-large' })
  await vi.waitFor(() => expect([rows(), caption()]).toEqual([['mine.txt', 'late.txt'], 'Mine\nLate words']))
  expect(onClose).not.toHaveBeenCalled()

  await send()
  const later = named('later.txt')
  files.value = [...files.value, later]
  await nextTick()
  answers[1]?.({ kind: 'saved', message: '1'.repeat(64) as EntryId })
  await vi.waitFor(() => expect(onClose).toHaveBeenCalledExactlyOnceWith({ files: [later], text: '' }))
  app.unmount()
  place.remove()
})

it('what another app shares comes to what was chosen and written, up to the bound, and takes nothing away', async () => {
  const [files, text] = [shallowRef<readonly File[]>([named('mine.txt')]), shallowRef('')]
  const place = document.createElement('div')
  document.body.append(place)
  const app = createApp(() => h(AttachSheet, { conversation: CHAT, files: files.value, text: text.value }))
  app.use(createPinia()).provide(engineKey, createFakeEngine()).mount(place)
  const rows = () => [...place.querySelectorAll('li b')].map((row) => row.textContent)
  await vi.waitFor(() => expect(rows()).toEqual(['mine.txt']))
  const caption = place.querySelector<HTMLTextAreaElement>('[data-testid="attach-caption"]')
  if (caption === null) throw new Error('no field')
  caption.value = 'My words'
  caption.dispatchEvent(new Event('input'))

  files.value = [...files.value, named('theirs.txt')]
  text.value = 'Their words'
  await nextTick()
  await nextTick()
  expect(rows()).toEqual(['mine.txt', 'theirs.txt'])
  expect(caption.value).toBe('My words\nTheir words')

  files.value = [...files.value, ...Array.from({ length: FILES_MAX }, (_, at) => named(`more ${at}.txt`))]
  await nextTick()
  await nextTick()
  expect(rows()).toHaveLength(FILES_MAX)
  expect(rows().slice(0, 2)).toEqual(['mine.txt', 'theirs.txt'])
  app.unmount()
  place.remove()
})
