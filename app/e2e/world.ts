// The stage of every walk, benchmark and screenshot: one real relay that serves the built page, and people with a browser profile of their own.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContext, TestInfo } from '@playwright/test'
import { CHROMIUM_ARGS, installedChromium } from '../../tools/chromium.ts'
import { Person } from './person.ts'
import { allowInProfile, type SiteSetting } from './site-settings.ts'
import { openStageRelay, type Asked, type StageRelay, type StartedWith } from './stage-relay.ts'
import { isTelling, watchPage, type Watch } from './watch.ts'

type Look = {
  readonly viewport?: { readonly width: number; readonly height: number }
  readonly hasTouch?: boolean
  readonly isMobile?: boolean
  readonly bypassCSP?: boolean
  readonly serviceWorkers?: 'allow' | 'block'
  /** As the browser names it to the page. */
  readonly locale?: string
}

/** A relay that the world closes at its end, or one that others go on using, which nobody in it may stop. */
type Served = { readonly relay: StageRelay; readonly by: 'its own' | 'a shared one' }

export class World {
  readonly #browser: Browser
  readonly #relay: StageRelay
  readonly #served: Served['by']
  readonly #folder = mkdtempSync(join(tmpdir(), 'kith-walk-'))
  readonly #askedBefore: number
  readonly #watches: Watch[] = []
  readonly #contexts: BrowserContext[] = []
  readonly #people: Person[] = []
  /** Other relays that the pages of those who come may connect with. */
  relays: readonly string[] = []

  constructor(browser: Browser, { relay, by }: Served) {
    this.#browser = browser
    this.#relay = relay
    this.#served = by
    this.#askedBefore = relay.asked().length
  }

  /** The built page that the relay serves. */
  get dist(): string {
    return this.#relay.dist
  }

  get url(): string {
    return this.#relay.url
  }

  /** Starts the relay on this world's port and data, as often as a walk wants. */
  async startRelay(how: StartedWith = {}): Promise<void> {
    await this.#ownRelay().start(how)
  }

  /** SIGKILL, as a power cut would have it. From now on pages may complain that nobody answers. */
  async killRelay(): Promise<void> {
    this.allowNetworkErrors()
    await this.#ownRelay().kill()
  }

  async stopRelay(): Promise<void> {
    this.allowNetworkErrors()
    await this.#ownRelay().stop()
  }

  #ownRelay(): StageRelay {
    if (this.#served === 'a shared one') throw new Error('This relay serves other walks too. Give this one its own: { tag: OWN_RELAY }.')
    return this.#relay
  }

  /** A browser logs failed connections as errors, and no page can prevent that. */
  allowNetworkErrors(): void {
    for (const watch of this.#watches) watch.networkErrorsAllowed = true
  }

  /** Somebody with a fresh browser profile, held in memory. */
  async person(name: string, look: Look = {}): Promise<Person> {
    const context = await this.#browser.newContext(look)
    return this.#admit(name, context)
  }

  /**
   * Somebody whose profile lies on disk, so that it outlives the browser. The same name opens the same profile. `allowed`: what they have
   * allowed this page in the settings of their browser, which then has no other permission either.
   */
  async personOnDisk(name: string, { allowed = [] }: { readonly allowed?: readonly SiteSetting[] } = {}): Promise<Person> {
    allowInProfile(this.profileFolder(name), new URL(this.url).origin, allowed)
    const context = await this.#browser.browserType().launchPersistentContext(this.profileFolder(name), {
      executablePath: installedChromium(),
      args: [...CHROMIUM_ARGS],
      viewport: { width: 1200, height: 800 },
    })
    return this.#admit(name, context, allowed)
  }

  /** Where the profile of somebody on disk lies. It is whole once their context is closed. */
  profileFolder(name: string): string {
    return join(this.#folder, `profile-${name}`)
  }

  /** The same person and profile in a tab of its own. */
  anotherTab(person: Person): Person {
    const tab = new Person(`${person.name}, another tab`, person.context, this.url)
    this.#people.push(tab)
    return tab
  }

  /** SIGKILL for the whole browser of somebody on disk. */
  async killBrowser(person: Person): Promise<void> {
    const browser = person.context.browser()
    if (browser === null) throw new Error(`${person.name} has no browser of their own.`)
    const session = await browser.newBrowserCDPSession()
    const { processInfo } = await session.send('SystemInfo.getProcessInfo')
    const closed = new Promise((done) => person.context.once('close', done))
    for (const { type, id } of processInfo) if (type === 'browser') process.kill(id, 'SIGKILL')
    await closed
  }

  async #admit(name: string, context: BrowserContext, allowed: readonly SiteSetting[] = []): Promise<Person> {
    // To grant one is to refuse all others, whatever the settings say.
    if (allowed.length === 0) await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: this.url })
    const watch = await watchPage(name, context, { home: this.url, relays: this.relays })
    const person = new Person(name, context, this.url)
    this.#watches.push(watch)
    this.#contexts.push(context)
    this.#people.push(person)
    return person
  }

  async attachScreens(testInfo: TestInfo): Promise<void> {
    for (const person of this.#people) {
      for (const page of person.context.pages()) {
        const body = await page.screenshot({ timeout: 5_000 }).catch(() => undefined) // A crashed page has no picture.
        if (body !== undefined) await testInfo.attach(`${person.name}.png`, { body, contentType: 'image/png' })
      }
    }
    await testInfo.attach('console.txt', { body: this.#watches.flatMap((watch) => watch.log).join('\n'), contentType: 'text/plain' })
  }

  /** What the relay was asked for over HTTP since this world began, in order. */
  asked(): readonly Asked[] {
    return this.#relay.asked().slice(this.#askedBefore)
  }

  #toldRelay(): readonly string[] {
    // The browser names the service worker's script where it looks for a new one, whatever the page's policy says.
    const addresses = this.asked().flatMap(({ path, referer }) => (referer === undefined ? [path] : [path, referer]))
    return addresses.filter((address) => isTelling(new URL(address, this.url))).map((address) => `the relay heard of ${address}`)
  }

  /** What a page did wrong so far, whatever the walk looked at. */
  problems(): readonly string[] {
    return [...this.#watches.flatMap((watch) => watch.problems), ...this.#toldRelay()]
  }

  async close(): Promise<readonly string[]> {
    const problems = this.problems()
    for (const context of this.#contexts) await context.close().catch(() => undefined) // It may have been killed by the walk.
    if (this.#served === 'its own') await this.#relay.close()
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5 })
    return problems
  }
}

/** `shared`: a relay that is running and goes on for others. Without one the world has its own, which can be stopped. */
export async function createWorld(browser: Browser, shared?: StageRelay): Promise<World> {
  return new World(browser, shared === undefined ? { relay: await openStageRelay(), by: 'its own' } : { relay: shared, by: 'a shared one' })
}
