// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from 'vitest'
import { shallowRef } from 'vue'
import { useKeptFocus } from '../app/index.ts'
import { withSetup } from '../testing/index.ts'
import { useRoving } from './useRoving.ts'

const PAGE = `
  <main id="pane" tabindex="-1">
    <div id="content"></div>
    <textarea id="composer"></textarea>
  </main>`

const byId = (id: string): HTMLElement => {
  const found = document.querySelector<HTMLElement>(`#${id}`)
  if (found === null) throw new Error(`no #${id}`)
  return found
}
const show = (...ids: readonly string[]): void => {
  byId('content').innerHTML = ids.map((id) => `<article id="${id}" data-message-id="${id}" tabindex="-1"></article>`).join('')
}
const observed = () => new Promise((resolve) => setTimeout(resolve))
const focused = () => document.activeElement?.id ?? ''

/** Presses a key at a message of a long conversation, of which only a part is shown at a time. */
const press = async (key: 'Home' | 'End', from: string, meanwhile: () => void = () => undefined): Promise<void> => {
  const load =
    (...ids: readonly string[]) =>
    async () => {
      meanwhile()
      show(...ids)
      await observed()
    }
  const { result } = withSetup(() =>
    useRoving({ content: shallowRef(byId('content')), goToStart: load('m1', 'm2'), goToEnd: load('m8', 'm9') }),
  )
  byId(from).focus()
  byId('content').addEventListener('keydown', result.move, { once: true })
  byId(from).dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }))
  await observed()
  await observed()
}

beforeEach(() => {
  document.body.innerHTML = PAGE
  withSetup(() => {
    useKeptFocus()
    return 'watching'
  })
})

it('Tab leads back to the message that had the focus last, however it came by it', () => {
  show('m1', 'm2')
  const { result } = withSetup(() =>
    useRoving({ content: shallowRef(byId('content')), goToStart: () => Promise.resolve(), goToEnd: () => Promise.resolve() }),
  )
  byId('m2').innerHTML = '<button id="more"></button>'
  byId('content').addEventListener('focusin', result.follow)
  byId('m1').focus()
  expect(result.current.value).toBe('m1')
  byId('more').focus()
  expect(result.current.value).toBe('m2')
})

describe('a key that goes to one end of a long conversation', () => {
  it('takes the focus along, although the message that had it is no longer there', async () => {
    show('m8', 'm9')
    await press('Home', 'm9')
    expect(focused()).toBe('m1')
    await press('End', 'm1')
    expect(focused()).toBe('m9')
  })

  it('leaves the focus where somebody has gone meanwhile', async () => {
    show('m8', 'm9')
    await press('Home', 'm9', () => byId('composer').focus())
    expect(focused()).toBe('composer')
  })
})
