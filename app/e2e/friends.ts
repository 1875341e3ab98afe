// Two who have met once and go from walk to walk: each of them finds the two as if they had just met, in a chat with a word of each and nothing else. To
// make two newcomers costs ten times as much as to empty their chat.

import { expect } from '@playwright/test'
import { introduce, type Pair } from './pair.ts'
import { createWorld, type World } from './world.ts'
import type { Person } from './person.ts'
import type { StageRelay } from './stage-relay.ts'
import type { Browser, TestInfo } from '@playwright/test'

const WIDE = { width: 1200, height: 800 }
/** Whatever the file asks for to whose walk they are new. */
const LOOK = { viewport: WIDE, serviceWorkers: 'block' } as const

type Stage = { readonly world: World; readonly pair: Pair }

export class Friends {
  readonly #browser: Browser
  readonly #relay: StageRelay
  #stage: Stage | undefined

  constructor(browser: Browser, relay: StageRelay) {
    this.#browser = browser
    this.#relay = relay
  }

  async justMet(): Promise<Pair> {
    if (this.#stage === undefined) {
      const world = await createWorld(this.#browser, this.#relay)
      this.#stage = { world, pair: await introduce({ ana: await world.person('Ana', LOOK), ben: await world.person('Ben', LOOK) }) }
    } else await meetAnew(this.#stage.pair)
    return this.#stage.pair
  }

  problems(): readonly string[] {
    return this.#stage?.world.problems() ?? []
  }

  async attachScreens(testInfo: TestInfo): Promise<void> {
    await this.#stage?.world.attachScreens(testInfo)
  }

  async close(): Promise<readonly string[]> {
    return (await this.#stage?.world.close()) ?? []
  }
}

async function meetAnew({ ana, ben }: Pair): Promise<void> {
  const wereHere = [ana, ben].every(({ context }) => context.pages().length > 0)
  for (const person of [ana, ben]) await returnToChat(person)
  // What comes while a history is erased is no part of it.
  if (!wereHere) await talk({ ana, ben }, 'Here again')
  for (const person of [ana, ben]) await emptyChat(person)
  await talk({ ana, ben }, 'Hello')
}

async function talk({ ana, ben }: Pair, word: string): Promise<void> {
  await ana.send(`${word} Ben`)
  await ben.expectMessage(`${word} Ben`, 'them')
  await ben.send(`${word} Ana`)
  await ana.expectMessage(`${word} Ana`, 'them')
  await ben.expectState(`${word} Ana`, 'delivered')
}

async function returnToChat(person: Person): Promise<void> {
  const { context } = person
  if (context.pages().length === 0) await person.open()
  const { page } = person
  for (const other of context.pages()) if (other !== page) await other.close()
  await page.setViewportSize(WIDE)
  await page.emulateMedia({ colorScheme: null, forcedColors: null, reducedMotion: null })
  const over = page
    .getByRole('dialog')
    .or(page.getByRole('complementary'))
    .or(page.getByTestId('find'))
    .or(page.getByTestId('search-results'))
  if (!new URL(page.url()).pathname.endsWith('/chat') || (await over.count()) > 0) await page.goto(person.home)
  await person.openConversation()
}

/** With what is half written, and what is quoted there. */
async function emptyChat({ page, composer }: Person): Promise<void> {
  await page.getByRole('button', { name: 'Details', exact: true }).click()
  await page.getByTestId('clear-history').click()
  await page.getByTestId('confirm').click()
  await expect(page.locator('[data-testid="message"]:not(.removed)')).toHaveCount(0)
  await page.getByRole('button', { name: 'Close details' }).click()
  await composer.press('Escape')
  await composer.fill('')
}
