// @vitest-environment happy-dom
import { afterEach, describe, expect, it } from 'vitest'
import { useNotices } from '../notices/index.ts'
import { withSetup } from '../testing/index.ts'
import { words } from '../words.ts'
import { useDropGuard } from './useDropGuard.ts'

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
  document.body.replaceChildren()
})

const guard = () => {
  const { result, app } = withSetup(() => {
    useDropGuard()
    return useNotices()
  })
  closing.push(() => app.unmount())
  const drag = (kind: 'dragover' | 'drop', types: readonly string[], target: EventTarget = document.body) => {
    const event = new Event(kind, { bubbles: true, cancelable: true })
    const dataTransfer = { types, dropEffect: 'move' }
    Object.defineProperty(event, 'dataTransfer', { value: dataTransfer })
    target.dispatchEvent(event)
    return { isKeptOut: event.defaultPrevented, effect: dataTransfer.dropEffect }
  }
  return { notices: result, drag }
}

describe('what is dropped on the window', () => {
  it.each(['page', 'field'] as const)(
    'never navigates away when it is a file, wherever it falls (%s), and one sentence says why',
    (where) => {
      const { notices, drag } = guard()
      const target = where === 'page' ? document.body : document.body.appendChild(document.createElement('textarea'))
      expect(drag('dragover', ['Files'], target)).toEqual({ isKeptOut: true, effect: 'copy' })
      for (let file = 0; file < 2; file++) expect(drag('drop', ['Files'], target).isKeptOut).toBe(true)
      expect(notices.notices.map(({ text }) => text)).toEqual([words.toast.textOnly])
    },
  )

  it('never navigates away when it is a link', () => {
    const { notices, drag } = guard()
    expect(drag('dragover', ['text/uri-list', 'text/plain'])).toEqual({ isKeptOut: true, effect: 'none' })
    expect(drag('drop', ['text/uri-list', 'text/plain']).isKeptOut).toBe(true)
    expect(notices.notices).toEqual([])
  })

  it('goes into a field when it is text', () => {
    const { drag } = guard()
    const field = document.body.appendChild(document.createElement('textarea'))
    expect(drag('dragover', ['text/plain'], field)).toEqual({ isKeptOut: false, effect: 'move' })
    expect(drag('drop', ['text/plain'], field).isKeptOut).toBe(false)
  })
})
