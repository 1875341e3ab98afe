// Text and names from somebody who wishes harm. They stay text, in their place, and run nothing.

import { TEXT_BYTES_MAX } from '@kith/protocol'
import type { Page } from '@playwright/test'
import type { Person } from './person.ts'
import { expect, test } from './walk.ts'

const MARKUP = '<img src=x onerror="window.__ran=1"><script>window.__ran=1</script><b>bold?</b>'
const LINKS = ['javascript:window.__ran=1', 'data:text/html,<script>1</script>', 'vbscript:x', 'JaVaScRiPt:alert(1)']
const RIGHT_TO_LEFT_OVERRIDE = '\u202e'
const COMBINING = '\u0301'

test.describe('between two who have met', () => {
  test('markup in a message is shown as it was typed', async ({ friends: { ana, ben } }) => {
    await ana.send(MARKUP)
    for (const [person, from] of [
      [ana, 'me'],
      [ben, 'them'],
    ] as const) {
      await person.expectMessage(MARKUP, from)
      await expect(person.page.locator('[data-testid="message"] :is(img[src="x"], script)')).toHaveCount(0)
      await expectNothingRan(person)
    }
  })

  test('an address that would run something is not a link', async ({ friends: { ana, ben } }) => {
    for (const link of LINKS) {
      await ana.send(link)
      await ben.expectMessage(link, 'them')
    }
    const targets = await ben.page
      .locator('a[href]')
      .evaluateAll((anchors) => anchors.map((anchor) => (anchor as HTMLAnchorElement).protocol))
    for (const protocol of targets) expect(['http:', 'https:', 'mailto:']).toContain(protocol)
    await expectNothingRan(ben)
  })

  test('direction overrides and invisible characters stay inside their message', async ({ friends: { ana, ben } }) => {
    const text = `${RIGHT_TO_LEFT_OVERRIDE}gnp.exe\u2066\u200b\u200f end`
    await ana.composer.fill(text)
    await ana.page.getByTestId('send').click()
    const note = ben.page.getByTestId('message').last()
    await expect(note.getByTestId('message-text')).toContainText('gnp.exe')
    const isolated = await note.getByTestId('message-text').evaluate((element) => {
      const chain = [element, element.parentElement].filter((one) => one !== null)
      return chain.some(
        (one) => one.hasAttribute('dir') || /isolate|plaintext/.test(getComputedStyle(one).unicodeBidi) || one.tagName === 'BDI',
      )
    })
    expect(isolated, 'the text has a direction of its own').toBe(true)
  })

  test('a name with markup and overrides changes nothing around it', async ({ friends: { ana, ben } }) => {
    const name = `${RIGHT_TO_LEFT_OVERRIDE}<i>Mallory</i>`
    const field = ben.page.getByLabel(/call you/i)
    await field.fill(name)
    await field.press('Enter')
    await expect(ana.page.getByText('<i>Mallory</i>').first()).toBeVisible({ timeout: 20_000 })
    expect(await ana.page.locator('i', { hasText: /^Mallory$/ }).count()).toBe(0)
    const loose = await ana.page
      .getByText('<i>Mallory</i>')
      .evaluateAll((elements) =>
        elements
          .filter(
            (element) =>
              !(element.closest('bdi, [dir]:not(html)') !== null || /isolate|plaintext/.test(getComputedStyle(element).unicodeBidi)),
          )
          .map((element) => element.outerHTML.slice(0, 120)),
      )
    expect(loose, 'each name is isolated').toEqual([])
    await expectNothingRan(ana)
  })

  test('a message of exactly the largest size arrives whole', async ({ friends: { ana, ben } }) => {
    const text = 'x'.repeat(TEXT_BYTES_MAX)
    await ana.send(text)
    await ben.expectMessage(text, 'them')
  })
})

// A megabyte of combining marks cannot be put into any text field of Chromium: its own layout takes minutes. Words it can lay out.
const ALONE = { tag: '@alone' }

test.describe('a text that is far too large', () => {
  test(
    'a megabyte of text, or more than a message holds, is refused in words, nothing is lost, and the page stays quick',
    ALONE,
    async ({ friends: { ana, ben } }) => {
      await ana.composer.fill('Before')
      await ana.composer.fill('far too long '.repeat(80_000))
      await expect(ana.page.getByText(/too long to paste/i).first()).toBeVisible()
      await expect(ana.composer, 'what stood there is still there').toHaveValue('Before')
      const text = 'far too long '.repeat(4_000)
      await ana.composer.fill(text)
      await ana.page.getByTestId('send').click()
      await expect(ana.page.getByText(/is too long/i).first()).toBeVisible()
      expect((await ana.composer.inputValue()).length, 'what was written is still there').toBe(text.length)
      await ana.send('Short again')
      await ben.expectMessage('Short again', 'them')
      expect((await ben.texts()).some((received) => received.includes('far too long'))).toBe(false)
      expect(await responseMs(ana.page)).toBeLessThan(1_000)
    },
  )

  test('as many combining marks as a message may hold stay inside their note', ALONE, async ({ friends: { ana, ben } }) => {
    await ana.send(`tower${COMBINING.repeat(Math.floor((TEXT_BYTES_MAX - 5) / 2))}`)
    await ana.send('below the tower')
    await ben.expectMessage('below the tower', 'them')
    const tower = ben.page.getByTestId('message').filter({ hasText: 'tower\u0301' }).first()
    const contained = await tower.evaluate((element) => {
      const chain: Element[] = []
      for (
        let one: Element | null = element.querySelector('[data-testid="message-text"]');
        one !== null && chain.length < 6;
        one = one.parentElement
      )
        chain.push(one)
      return chain.some(
        (one) => /hidden|clip/.test(getComputedStyle(one).overflowY) || /paint|strict|content/.test(getComputedStyle(one).contain),
      )
    })
    expect(contained, 'marks cannot be drawn over other messages').toBe(true)
    expect(await responseMs(ben.page)).toBeLessThan(1_000)
  })
})

async function expectNothingRan(person: Person): Promise<void> {
  expect(await person.page.evaluate(() => Reflect.get(window, '__ran') as unknown)).toBeUndefined()
}

/** How long the page takes to answer anything at all. */
async function responseMs(page: Page): Promise<number> {
  const before = performance.now()
  await page.evaluate(() => new Promise((frame) => requestAnimationFrame(frame)))
  return performance.now() - before
}
