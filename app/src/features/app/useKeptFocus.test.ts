// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from 'vitest'
import { withSetup } from '../testing/index.ts'
import { useKeptFocus } from './useKeptFocus.ts'

const PAGE = `
  <main id="pane" tabindex="-1">
    <div id="part"><button id="act">Try again</button><button id="other">Later</button></div>
  </main>`
const byId = (id: string): HTMLElement => {
  const found = document.querySelector<HTMLElement>(`#${id}`)
  if (found === null) throw new Error(`no #${id}`)
  return found
}
const observed = () => new Promise((resolve) => setTimeout(resolve))
const focused = () => document.activeElement?.id ?? ''

beforeEach(() => {
  document.body.innerHTML = PAGE
  withSetup(() => {
    useKeptFocus()
    return 'watching'
  })
})

describe('the focus, when what has it disappears', () => {
  it('goes to what was around it', async () => {
    byId('act').focus()
    byId('act').remove()
    await observed()
    expect(focused()).toBe('pane')
  })

  it('goes to the nearest of what is left, when more than the control is gone', async () => {
    byId('act').focus()
    byId('part').remove()
    await observed()
    expect(focused()).toBe('pane')
  })

  it('goes to the main part of the page when all that was around it is gone, as with a sheet', async () => {
    document.body.insertAdjacentHTML('beforeend', '<dialog id="sheet" open><button id="close">Close</button></dialog>')
    byId('close').focus()
    byId('sheet').remove()
    await observed()
    expect(focused()).toBe('pane')
  })

  it('stays where somebody has put it', async () => {
    byId('act').focus()
    byId('act').remove()
    byId('other').focus()
    await observed()
    expect(focused()).toBe('other')
  })

  it('is left alone when something else disappears', async () => {
    byId('act').focus()
    byId('other').remove()
    await observed()
    expect(focused()).toBe('act')
  })
})
