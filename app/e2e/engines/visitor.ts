// Somebody who uses Kith in another engine: what a Person does and sees in Chromium, through the same published hooks.

import { expect as plainExpect } from '@playwright/test'
import type { EngineName } from '../../../tools/engines.ts'
import type { Person, State } from '../person.ts'
import type { World } from '../world.ts'
import type { EnginePage } from './engine-page.ts'

const expect = plainExpect.configure({ timeout: 30_000 })
const STATES: readonly State[] = ['saved', 'relay', 'delivered', 'read']
const hook = (name: string): string => `[data-testid="${name}"]`

export type Visitor = ReturnType<typeof visitorOn>
export type Walk = { readonly name: EngineName; readonly page: EnginePage; readonly world: World }

/** Ana in this engine and Ben in Chromium, who both look at their chat. */
export type Met = { readonly ana: Visitor; readonly ben: Person }

export function visitorOn(name: string, page: EnginePage) {
  /** Of the messages with exactly this text. */
  const ofMessages = (text: string, attribute: string): Promise<unknown> =>
    page.read(`[...document.querySelectorAll('${hook('message')}')]
      .filter((element) => element.querySelector('${hook('message-text')}')?.textContent.trim() === ${JSON.stringify(text)})
      .map((element) => element.getAttribute('${attribute}'))`)
  const isThere = (selector: string): Promise<unknown> =>
    page.read(`[...document.querySelectorAll('${selector}')].some((element) => element.getClientRects().length > 0)`)

  return {
    page,
    async newChat(text: string): Promise<string> {
      await page.type(hook('composer'), text)
      await page.click(hook('new-chat'))
      const link = (): Promise<unknown> => page.read(`document.querySelector('${hook('invite-link')}')?.value ?? ''`)
      await expect.poll(link, { message: `${name} has a link` }).toContain('#')
      return String(await link())
    },
    async send(text: string): Promise<void> {
      await page.type(hook('composer'), text)
      await page.click(hook('send'))
    },
    /** Opens the first conversation of the list, unless one is open already. */
    async openConversation(): Promise<void> {
      const isOpen = (): Promise<unknown> => isThere(hook('route'))
      // What stands there instead, for whoever reads that this failed.
      const start = (): Promise<unknown> =>
        page.read(`document.querySelector('${hook('route')}, ${hook('conversation-item')}') !== null
        || document.readyState + ' ' + location.href + ' ' + (document.body?.innerText ?? '').slice(0, 400)`)
      await expect.poll(start, { message: `${name} has started` }).toBe(true)
      await expect.poll(async () => (await isOpen()) === true || (await isThere(hook('conversation-item'))) === true).toBe(true)
      if ((await isOpen()) === true) return
      await page.click(hook('conversation-item'))
      await expect.poll(isOpen).toBe(true)
    },
    async expectMessage(text: string, from: 'me' | 'them'): Promise<void> {
      await expect.poll(() => ofMessages(text, 'data-mine'), { message: `${name} sees "${text}" once` }).toEqual([String(from === 'me')])
    },
    /** The tick of an own message has reached this state or a later one. */
    async expectState(text: string, atLeast: State): Promise<void> {
      const enough = new RegExp(`^(${STATES.slice(STATES.indexOf(atLeast)).join('|')})$`)
      const state = async (): Promise<string> => String(await ofMessages(text, 'data-state'))
      await expect.poll(state, { message: `${name}: "${text}" is ${atLeast}` }).toMatch(enough)
    },
    async expectRoute(route: 'direct' | 'relay' | 'offline'): Promise<void> {
      const said = (): Promise<unknown> => page.read(`document.querySelector('${hook('route')}')?.dataset.route`)
      await expect.poll(said, { message: `${name}'s route` }).toBe(route)
    },
    /** Resolves when the service worker controls the page and has kept everything. */
    async untilOfflineReady(): Promise<void> {
      await expect.poll(() => page.read(`navigator.serviceWorker.controller?.state ?? 'none'`)).toBe('activated')
    },
  }
}
