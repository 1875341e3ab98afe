import { expect, it, vi } from 'vitest'
import type { RelationOutcome } from '@kith/protocol'
import { entry } from '../testing/index.ts'
import { messageWords } from '../message-words.ts'
import { createEditing } from './editing.ts'

const saved: RelationOutcome = { kind: 'saved' }
const begin = (answer: () => Promise<RelationOutcome | undefined> = () => Promise.resolve(saved)) => {
  const edit = vi.fn(answer)
  const ended = vi.fn()
  return { edit, ended, editing: createEditing({ id: entry('m'), text: 'before' }, { edit, ended }) }
}

it('begins with the text as it is, and ends when the new one is kept', async () => {
  const { edit, ended, editing } = begin()
  expect(editing.text.value).toBe('before')
  editing.write(' after ')
  await editing.submit()
  expect(edit).toHaveBeenCalledExactlyOnceWith(entry('m'), 'after')
  expect(ended).toHaveBeenCalledOnce()
})

it('writes nothing where nothing has changed', async () => {
  const { edit, ended, editing } = begin()
  editing.write('before ')
  await editing.submit()
  expect(edit).not.toHaveBeenCalled()
  expect(ended).toHaveBeenCalledOnce()
})

it('does not take nothing for a text', async () => {
  const { edit, ended, editing } = begin()
  editing.write(' \u200B ')
  await editing.submit()
  expect([edit.mock.calls, ended.mock.calls, editing.fault.value]).toEqual([[], [], messageWords.editEmpty])
  editing.write('x')
  expect(editing.fault.value).toBeUndefined()
})

it('stays with what was written when it is refused, or fails', async () => {
  const refused = begin(() => Promise.resolve({ kind: 'refused', reason: 'too-long' }))
  refused.editing.write('after')
  await refused.editing.submit()
  expect([refused.ended.mock.calls, refused.editing.fault.value]).toEqual([[], messageWords.refused['too-long']])
  const failed = begin(() => Promise.resolve(undefined))
  failed.editing.write('after')
  await failed.editing.submit()
  expect([failed.ended.mock.calls, failed.editing.text.value]).toEqual([[], 'after'])
})

it('what was left half written is there again, and nothing is left of what was kept', async () => {
  const left = vi.fn<(unfinished: string | undefined) => void>()
  const again = (unfinished?: string) =>
    createEditing({ id: entry('m'), text: 'before' }, { edit: () => Promise.resolve(saved), ended: vi.fn(), unfinished, left })
  const first = again()
  first.write('half')
  first.cancel()
  expect(left).toHaveBeenLastCalledWith('half')
  const second = again('half')
  expect(second.text.value).toBe('half')
  await second.submit()
  expect(left).toHaveBeenLastCalledWith(undefined)
  again().cancel()
  expect(left, 'nothing was written').toHaveBeenLastCalledWith(undefined)
})

it('nothing of it is kept where its message was deleted meanwhile', () => {
  const left = vi.fn<(unfinished: string | undefined) => void>()
  const ended = vi.fn()
  const editing = createEditing({ id: entry('m'), text: 'before' }, { edit: () => Promise.resolve(saved), ended, left })
  editing.write('half')
  editing.drop()
  expect(left).toHaveBeenCalledExactlyOnceWith(undefined)
  expect(ended).toHaveBeenCalledOnce()
})

it('a second press acts once, and what is typed on is not lost with what was kept', async () => {
  let answer: (outcome: RelationOutcome) => void = () => undefined
  const { edit, ended, editing } = begin(() => new Promise((resolve) => (answer = resolve)))
  editing.write('after')
  const first = editing.submit()
  void editing.submit()
  editing.write('after all')
  answer(saved)
  await first
  expect(edit).toHaveBeenCalledOnce()
  expect(ended).not.toHaveBeenCalled()
})
