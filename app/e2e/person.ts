// Somebody using Kith: what they can do by hand, counted, and what they can see. Only the published hooks and accessible names are used.

import { expect as plainExpect, type BrowserContext, type Locator, type Page } from '@playwright/test'
import { readIce, type IceSummary } from './peer-connections.ts'

/** The same for walks, benchmarks and pictures, of which only walks have a configuration. */
const expect = plainExpect.configure({ timeout: 20_000 })

export type State = 'saved' | 'relay' | 'delivered' | 'read'
const STATES: readonly State[] = ['saved', 'relay', 'delivered', 'read']

export type Seen = { readonly id: string; readonly text: string; readonly mine: boolean; readonly state: string | null }

export class Person {
  readonly name: string
  readonly context: BrowserContext
  readonly home: string
  /** What a person has done since {@link startCounting}: opening an address, a tap, or writing into a field are one each. */
  actions = 0
  /** Bytes that their pages have sent to the relay so far. */
  relayedBytes = 0
  #page: Page | undefined

  constructor(name: string, context: BrowserContext, home: string) {
    this.name = name
    this.context = context
    this.home = home
  }

  get page(): Page {
    if (this.#page === undefined) throw new Error(`${this.name} has no tab open.`)
    return this.#page
  }

  startCounting(): void {
    this.actions = 0
  }

  // ------------------------------------------------------------------------------------------------------------- doing

  /** Opens an address (the page itself, or an invite link) in a new tab. */
  async open(address: string = this.home): Promise<Page> {
    this.actions += 1
    this.#page = await this.context.newPage()
    this.#page.on('websocket', (socket) => socket.on('framesent', ({ payload }) => (this.relayedBytes += payload.length)))
    await this.#page.goto(address)
    return this.#page
  }

  async tap(target: Locator): Promise<void> {
    this.actions += 1
    await target.click()
  }

  async write(text: string): Promise<void> {
    this.actions += 1
    await this.composer.fill(text)
  }

  async send(text: string): Promise<void> {
    await this.write(text)
    await this.tap(this.page.getByTestId('send'))
  }

  /** Starts a conversation and returns its link. The text, if any, becomes its first message. */
  async newChat(text?: string): Promise<string> {
    if (text !== undefined) await this.write(text)
    await this.tap(this.page.getByTestId('new-chat').first())
    return this.inviteLink()
  }

  async inviteLink(): Promise<string> {
    const link = this.page.getByTestId('invite-link')
    await expect(link).toHaveValue(/#./)
    return link.inputValue()
  }

  async share(): Promise<void> {
    await this.tap(this.page.getByTestId('invite-share'))
  }

  /** Closes whatever lies over the conversation. */
  async closeSheet(): Promise<void> {
    const sheet = this.page.getByRole('dialog')
    // It is loaded when it is first asked for, so one that was may still be on its way.
    await sheet.waitFor({ timeout: 2_000 }).catch(() => {})
    if ((await sheet.count()) === 0) return
    await this.page.keyboard.press('Escape')
    await expect(sheet).toHaveCount(0)
  }

  /** Opens the first conversation of the list, unless one is open already. */
  async openConversation(): Promise<void> {
    const item = this.page.getByTestId('conversation-item')
    await expect(item.or(this.route).filter({ visible: true }).first()).toBeVisible()
    if (await this.route.isVisible()) return
    await this.tap(item.first())
    await expect(this.route).toBeVisible()
  }

  async closeTab(): Promise<void> {
    await this.page.close()
    this.#page = undefined
  }

  /** The tab's process dies where it stands: no unload, no goodbye. */
  async crashTab(): Promise<void> {
    const page = this.page
    const crashed = page.waitForEvent('crash')
    const session = await this.context.newCDPSession(page)
    void session.send('Page.crash').catch(() => undefined) // The answer dies with the page.
    await crashed
    await page.close()
    this.#page = undefined
  }

  // ------------------------------------------------------------------------------------------------------------ seeing

  get composer(): Locator {
    return this.page.getByTestId('composer')
  }

  get route(): Locator {
    return this.page.getByTestId('route')
  }

  /** The message with exactly this text. */
  message(text: string): Locator {
    const exactly = new RegExp(`^\\s*${text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}\\s*$`)
    const body = this.page.getByTestId('message-text').filter({ hasText: exactly })
    return this.page.getByTestId('message').filter({ has: body })
  }

  async expectMessage(text: string, from: 'me' | 'them', timeout = 20_000): Promise<void> {
    await expect(this.message(text), `${this.name} sees "${text}" once`).toHaveCount(1, { timeout })
    await expect(this.message(text)).toHaveAttribute('data-mine', String(from === 'me'))
  }

  /** The tick of an own message has reached this state or a later one. */
  async expectState(text: string, atLeast: State, timeout = 20_000): Promise<void> {
    const enough = STATES.slice(STATES.indexOf(atLeast)).join('|')
    await expect(this.message(text), `${this.name}: "${text}" is ${atLeast}`).toHaveAttribute('data-state', new RegExp(`^(${enough})$`), {
      timeout,
    })
  }

  async expectRoute(route: 'direct' | 'relay' | 'offline', timeout = 30_000): Promise<void> {
    await expect(this.route, `${this.name}'s route`).toHaveAttribute('data-route', route, { timeout })
  }

  /** Every message on the screen, oldest first. */
  async messages(): Promise<readonly Seen[]> {
    return this.page.getByTestId('message').evaluateAll((elements) =>
      elements.map((element) => ({
        id: element.getAttribute('data-message-id') ?? '',
        text: element.querySelector('[data-testid="message-text"]')?.textContent?.trim() ?? '',
        mine: element.getAttribute('data-mine') === 'true',
        state: element.getAttribute('data-state'),
      })),
    )
  }

  async texts(): Promise<readonly string[]> {
    return (await this.messages()).map(({ text }) => text)
  }

  async ice(): Promise<IceSummary> {
    return readIce(this.page)
  }
}
