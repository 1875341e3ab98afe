// One long conversation, read in every way: places are kept, the end is the end, and every sign says in words what it means.

import type { Locator, Page } from '@playwright/test'
import { twoFriends } from './pair.ts'
import type { Person } from './person.ts'
import { expect, test } from './walk.ts'

test.use({ serviceWorkers: 'allow' })

/** More than are shown at first. */
const TURNS = 66
/** Heights that nobody guesses. */
const linesOf = (turn: number): string => Array.from({ length: 1 + ((turn * 7) % 9) }, (_, line) => `turn ${turn}, line ${line}`).join('\n')
const LONG = Array.from({ length: 60 }, (_, line) => `Line ${line} of a letter that is too long to be shown whole`).join('\n')

test('a long conversation keeps the reader’s place, and ends where it ends', async ({ world }) => {
  test.setTimeout(150_000)
  const { ana, ben } = await twoFriends(world)
  for (let turn = 0; turn < TURNS; turn += 2) await Promise.all([say(ana, linesOf(turn)), say(ben, linesOf(turn + 1))])
  await expect(noteWith(ana, `turn ${TURNS - 1}, line 0`)).toBeVisible()
  await expect(noteWith(ben, `turn ${TURNS - 2}, line 0`)).toBeVisible()
  await ana.page.reload()
  await ana.openConversation()
  const { page } = ana
  await expect(noteWith(ana, `turn ${TURNS - 1}, line 0`)).toBeInViewport()

  await test.step('Home is the first message, and the focus is there', async () => {
    await noteWith(ana, `turn ${TURNS - 1}, line 0`).focus()
    await page.keyboard.press('Home')
    await expect(ana.message('Hello Ben')).toBeFocused()
    await expect(ana.message('Hello Ben')).toBeInViewport({ ratio: 1 })
  })

  await test.step('one press goes back to the newest, and nothing is unread', async () => {
    await say(ben, 'written while you read')
    await expect(page.getByRole('img', { name: '1 unread' }).last()).toBeVisible()
    await page.getByRole('button', { name: 'Back to the newest message' }).click()
    await expect.poll(() => belowTheEnd(page)).toBeLessThan(2)
    await expect(ana.message('written while you read')).toBeInViewport({ ratio: 1 })
    await page.waitForTimeout(1_000)
    expect(await belowTheEnd(page), 'and it stays there').toBeLessThan(2)
    await expect(page.getByRole('img', { name: /unread/ })).toHaveCount(0)
    expect(await focusIsSomewhere(page), 'the focus went with the reader').toBe(true)
  })

  await test.step('what unfolds stays under the finger, and folds again', async () => {
    await say(ben, LONG)
    const letter = noteWith(ana, 'Line 0 of a letter')
    const button = letter.getByRole('button', { name: /^Show/ })
    await expect(button).toHaveAccessibleName('Show more')
    await expect.poll(() => belowTheEnd(page)).toBeLessThan(2)
    await button.focus()
    expect(await movedBy(letter, () => page.keyboard.press('Enter')), 'its first line while it unfolds').toBeLessThan(2)
    await expect(button).toHaveAccessibleName('Show less')
    await expect(button).toBeFocused()
    await button.scrollIntoViewIfNeeded()
    expect(await movedBy(button, () => page.keyboard.press('Enter')), 'its button while it folds').toBeLessThan(2)
    await expect(button).toHaveAccessibleName('Show more')
    await expect(button).toBeFocused()
    await say(ana, LONG.replaceAll('letter', 'reply'))
    const reply = noteWith(ana, 'Line 0 of a reply')
    await expect(reply.getByRole('button', { name: 'Show more' })).toBeVisible()
    await expect(reply.locator('.tk')).toBeVisible()
  })

  await test.step('a note says who, what, when and how far, once', async () => {
    await say(ana, 'What am I called?')
    const note = ana.message('What am I called?')
    await ana.expectState('What am I called?', 'read')
    await expect(note).toHaveAccessibleName(/^You: What am I called\? \d{1,2}:\d\d\s[AP]M Read$/)
    await say(ben, 'And I?')
    await expect(ana.message('And I?')).toHaveAccessibleName(/^Someone: And I\? \d{1,2}:\d\d\s[AP]M$/)
  })

  await test.step('a tick says in words what it means, to mouse, finger and keyboard', async () => {
    const note = ana.message('What am I called?')
    const tip = page.getByRole('tooltip')
    await note.locator('[data-tick]').hover()
    await expect(tip).toHaveText('Read')
    await ana.composer.hover()
    await expect(tip).toHaveCount(0)
    await note.locator('.tick').dispatchEvent('click')
    await expect(tip).toHaveText('Read')
    await note.locator('[data-testid="message-text"]').click()
    await expect(tip).toHaveCount(0)
    await ana.message('And I?').focus()
    await page.keyboard.press('ArrowUp')
    await expect(tip).toHaveText('Read')
    await page.keyboard.press('Escape')
    await expect(tip).toHaveCount(0)
    await expect(note, 'only the topmost closes').toBeFocused()
  })

  await test.step('what is copied is what was written', async () => {
    await page.evaluate(() => {
      const texts = [...document.querySelectorAll('[data-testid="message-text"]')].slice(-2)
      document.getSelection()?.setBaseAndExtent(texts[0] ?? document.body, 0, texts[1] ?? document.body, texts[1]?.childNodes.length ?? 0)
    })
    await page.keyboard.press('Control+C')
    await ana.composer.press('Control+V')
    const copied = await ana.composer.inputValue()
    expect(copied.trim().split(/\s*\n\s*/)).toEqual(['What am I called?', 'And I?'])
    await ana.composer.fill('')
  })

  await test.step('each paragraph has its own direction', async () => {
    await say(ana, 'שלום לכולם\nAn English line.')
    expect(await isLeftToRight(noteWith(ana, 'An English line.'), 'An English line.')).toBe(true)
  })

  await test.step('nothing moves when the network goes', async () => {
    await page.mouse.move(700, 300)
    await page.mouse.wheel(0, -900)
    await expect(page.getByRole('button', { name: 'Back to the newest message' })).toBeVisible()
    await page.waitForTimeout(1_000)
    world.allowNetworkErrors()
    const first = page.locator('[data-message-id]').filter({ visible: true }).nth(-8)
    const moved = await movedBy(first, async () => {
      await ana.context.setOffline(true)
      await expect(page.locator('.banner')).toBeVisible({ timeout: 15_000 })
    })
    expect(moved).toBeLessThan(2)
    await ana.context.setOffline(false)
    await expect(page.locator('.banner')).toHaveCount(0)
  })

  await test.step('what is being read stays to the pixel when messages come, and when something above it grows or goes', async () => {
    const [id, idAbove] = await page.locator('.stage > .scroll').evaluate((scroller) => {
      const notes = [...scroller.querySelectorAll<HTMLElement>('[data-message-id]')]
      const first = notes.findIndex((note) => note.getBoundingClientRect().top > scroller.getBoundingClientRect().top)
      return [first, first - 4].map((at) => notes[at]?.dataset['messageId'])
    })
    const [reading, above] = [id, idAbove].map((of) => page.locator(`[data-message-id="${of}"]`)) as [Locator, Locator]
    expect(await page.locator('.stage > .scroll').evaluate((scroller) => getComputedStyle(scroller).overflowAnchor)).toBe('none')
    expect(await movedBy(reading, () => say(ben, 'One more').then(() => say(ben, 'And another')))).toBeLessThan(0.5)
    expect(await movedBy(reading, () => above.evaluate((note) => void (note.style.paddingBlockStart = '300px')))).toBeLessThan(0.5)
    expect(await movedBy(reading, () => above.evaluate((note) => void (note.style.display = 'none')))).toBeLessThan(0.5)
    await above.evaluate((note) => note.removeAttribute('style'))
  })

  await test.step('times follow somebody who travels with the page open', async () => {
    const time = ana.message('What am I called?').locator('time')
    const devtools = await ana.context.newCDPSession(page)
    // Whatever draws it anew for another reason does so with the new zone, so it is read before.
    const before = await time.textContent()
    await devtools.send('Emulation.setTimezoneOverride', { timezoneId: 'Asia/Kolkata' })
    await page.evaluate(() => dispatchEvent(new Event('languagechange')))
    await expect(time).not.toHaveText(before ?? '')
    expect(minutesOf(await time.textContent())).toBe((minutesOf(before) + 30) % 60)
  })

  await test.step('ticks can be read in forced colours', async () => {
    await page.emulateMedia({ forcedColors: 'active' })
    const colours = await ana
      .message('What am I called?')
      .locator('.tk')
      .evaluate((tick) =>
        ['.solid', '.cut'].map((part) => getComputedStyle(tick.querySelector(part) ?? tick)).map(({ fill, stroke }) => [fill, stroke]),
      )
    expect(colours[0]?.[0], 'what is cut out differs from what it is cut from').not.toBe(colours[1]?.[1])
    await page.emulateMedia({ forcedColors: null })
  })

  for (const viewport of [
    { width: 320, height: 256 },
    { width: 427, height: 267 },
  ]) {
    await test.step(`there is room to read and to write at ${viewport.width} × ${viewport.height}`, async () => {
      await ben.page.setViewportSize(viewport)
      await expect(ben.page.getByTestId('display-name'), 'with the card about the name').toBeAttached()
      const [box, timeline] = [await ben.composer.boundingBox(), await ben.page.locator('.stage').boundingBox()]
      expect((box?.y ?? 0) + (box?.height ?? Infinity), 'the whole message box').toBeLessThanOrEqual(viewport.height)
      expect(timeline?.height, 'a piece of the timeline').toBeGreaterThanOrEqual(64)
      expect(await ben.page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
    })
  }
})

async function say(person: Person, text: string): Promise<void> {
  await person.composer.fill(text)
  await person.composer.press('Enter')
  await expect(person.composer).toHaveValue('')
}

const noteWith = (person: Person, text: string): Locator => person.page.getByTestId('message').filter({ hasText: text })

/** How far the end of the timeline is below what is shown, px. */
async function belowTheEnd(page: Page): Promise<number> {
  return page.locator('.stage > .scroll').evaluate((scroller) => scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight)
}

async function focusIsSomewhere(page: Page): Promise<boolean> {
  return page.evaluate(() => document.activeElement !== null && document.activeElement !== document.body)
}

/** How far something has moved on the screen, once everything has settled, px. */
async function movedBy(what: Locator, act: () => Promise<void>): Promise<number> {
  const before = await what.evaluate((element) => element.getBoundingClientRect().top)
  await act()
  await what.page().waitForTimeout(1_000)
  return Math.abs((await what.evaluate((element) => element.getBoundingClientRect().top)) - before)
}

/** The full stop of a sentence stands at the right of its first letter. */
async function isLeftToRight(note: Locator, sentence: string): Promise<boolean> {
  return note.getByTestId('message-text').evaluate((element, wanted) => {
    const text = [...element.childNodes].find((node) => node.textContent?.includes(wanted))
    if (text === undefined) throw new Error('no such sentence')
    const at = text.textContent?.indexOf(wanted) ?? 0
    const leftOf = (offset: number): number => {
      const range = new Range()
      range.setStart(text, offset)
      range.setEnd(text, offset + 1)
      return range.getBoundingClientRect().left
    }
    return leftOf(at + wanted.length - 1) > leftOf(at)
  }, sentence)
}

const minutesOf = (time: string | null): number => Number(/:(\d\d)/.exec(time ?? '')?.[1])
