// Kith without a mouse, and what a screen reader is told.

import type { Page } from '@playwright/test'
import { expectWholeWords } from './surface.ts'
import { expect, test } from './walk.ts'

const TAB_PRESSES_MAX = 40

/** Also a word that does not end, which must not push anything aside. */
const WORD = `Typed_without_a_mouse_${'x'.repeat(200)}`

test('a conversation is started, written and left with the keyboard alone, on screens where all is named and nothing scrolls sideways', async ({
  world,
}) => {
  test.setTimeout(120_000)
  const ana = await world.person('Ana')
  const page = await ana.open()
  const sheet = page.getByRole('dialog')
  await expect(ana.composer, 'ready to type').toBeFocused()
  await expectNamed(page)
  await expectNoOverflow(page, 'first start')
  await page.keyboard.type(WORD)
  await tabTo(page, 'new-chat')
  await page.keyboard.press('Enter')
  await ana.inviteLink()
  await expectNamed(page)
  await expectNoOverflow(page, 'invite')

  await test.step('a sheet keeps the focus inside, closes with Escape and gives the focus back', async () => {
    for (let press = 0; press < TAB_PRESSES_MAX / 2; press += 1) {
      await page.keyboard.press('Tab')
      // The body has it while the browser's own bar would have it.
      const inside = await sheet.evaluate((element) => element.contains(document.activeElement) || document.activeElement === document.body)
      expect(inside, 'focus left the sheet').toBe(true)
    }
    await tabTo(page, 'invite-share')
    await expectVisibleFocus(page)
    await page.keyboard.press('Enter')
    await page.keyboard.press('Escape')
    await expect(sheet).toHaveCount(0)
    expect(await page.evaluate(() => document.activeElement?.tagName), 'focus went nowhere').not.toBe('BODY')
  })

  await ana.expectMessage(WORD, 'me')
  await tabTo(page, 'composer')
  await page.keyboard.type('First line')
  await page.keyboard.press('Shift+Enter')
  await page.keyboard.type('second line')
  await page.keyboard.press('Enter')
  await expect(page.getByTestId('message-text').filter({ hasText: 'First line' })).toContainText('second line')
  await expectNoOverflow(page, 'conversation')
  await tabTo(page, 'settings')
  await expectVisibleFocus(page)
  await page.keyboard.press('Enter')
  await expect(page.getByTestId('wipe-device')).toBeVisible()
})

test('every control of a conversation and of the settings has a name, and the page has its landmarks', async ({ friends }) => {
  const { page } = friends.ana
  await expectNamed(page)
  await expect(page.getByRole('log')).toHaveAttribute('aria-live', 'polite')
  await expect(page.getByRole('navigation').first()).toBeVisible()
  await page.getByTestId('settings').first().click()
  await expect(page.getByTestId('wipe-device')).toBeVisible()
  await expectNamed(page)
})

test('Tab goes past a search in which nothing was asked, and leaves the focus nowhere', async ({ friends }) => {
  const { page } = friends.ana
  await page.getByTestId('search').focus()
  await expect(page.getByTestId('search-date')).toBeVisible()
  await page.keyboard.press('Tab')
  await expect(page.locator('[data-filter="all"]')).toBeFocused()
  await expect(page.getByTestId('search-date')).toHaveCount(0)
})

const DEVICES = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 800 } } as const

test('nothing scrolls sideways and no word is broken on a phone or a desktop when the reader has doubled the size of the text', async ({
  world,
}) => {
  test.setTimeout(120_000)
  const ana = await world.person('Ana', { viewport: DEVICES.phone })
  const page = await ana.open()
  const devtools = await ana.context.newCDPSession(page)
  await devtools.send('Page.setFontSizes', { fontSizes: { standard: 32, fixed: 32 } })
  await expect.poll(() => page.evaluate(() => getComputedStyle(document.documentElement).fontSize)).toBe('32px')
  const expectWhole = async (screen: string): Promise<void> => {
    for (const [device, viewport] of Object.entries(DEVICES)) {
      await page.setViewportSize(viewport)
      // What slides in comes from outside.
      await expect.poll(() => overflow(page), `${screen} on a ${device}`).toBe(0)
      await expectWholeWords(page, `${screen} on a ${device}`)
      // What goes has no size left.
      await expect.poll(() => smallestGlyph(page), `glyphs of ${screen} grow along on a ${device}`).toBeGreaterThanOrEqual(24)
    }
  }
  // It is loaded when it is first asked for.
  const expectWholeSheet = async (sheet: string): Promise<void> => {
    await expect(page.getByRole('dialog')).toBeVisible()
    await expectWhole(sheet)
  }
  await expectWhole('first start')
  await page.getByRole('button', { name: 'Paste a link you were given' }).click()
  await expectWholeSheet('paste sheet')
  await ana.closeSheet()
  await ana.newChat('Hello')
  await expectWholeSheet('invite')
  await ana.closeSheet()
  await expectWhole('conversation')
  await page.getByTestId('route').click()
  await expectWholeSheet('route sheet')
  await ana.closeSheet()
  await page.getByRole('heading', { level: 1 }).getByRole('button').click()
  await expect(page.getByRole('complementary')).toBeVisible()
  await expectWhole('details')
  await page
    .getByRole('complementary')
    .getByRole('button', { name: /^Remove this chat/ })
    .click()
  await expectWholeSheet('question before a chat is removed')
  await ana.closeSheet()
  await page.goto(`${world.url}settings`)
  await expect(page.getByTestId('wipe-device')).toBeVisible()
  await expectWhole('settings')
  await page.getByRole('button', { name: /^Keyboard shortcuts/ }).click()
  await expectWholeSheet('keyboard shortcuts')
  await ana.closeSheet()
  await page.getByTestId('wipe-device').click()
  await expectWholeSheet('question before everything is erased')
})

test('what is typed, pasted or dropped anywhere ends in the box or in a sentence', { tag: '@alone' }, async ({ world }) => {
  const ana = await world.person('Ana')
  const page = await ana.open()
  await ana.newChat('Hello')
  await ana.closeSheet()
  await page.getByTestId('message').first().click()
  await expect(ana.composer).not.toBeFocused()
  await page.keyboard.type('Straight into the box')
  await expect(ana.composer).toHaveValue('Straight into the box')
  await expect(page.getByTestId('conversation-item').first(), 'what is open is no draft').not.toContainText('Draft')

  await ana.composer.fill('Mine')
  const began = Date.now()
  await page.evaluate(() => {
    const clipboardData = new DataTransfer()
    clipboardData.setData('text/plain', 'word '.repeat(200_000))
    document.querySelector('#composer')?.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
  })
  await expect(page.getByRole('alert').filter({ hasText: 'too long to paste' })).toBeVisible()
  await page.keyboard.type('!')
  await expect(ana.composer).toHaveValue('Mine!')
  expect(Date.now() - began, 'a megabyte freezes nothing').toBeLessThan(3_000)

  const address = page.url()
  await page.evaluate(() => {
    const dataTransfer = new DataTransfer()
    dataTransfer.items.add(new File(['x'], 'picture.png', { type: 'image/png' }))
    for (const kind of ['dragover', 'drop'])
      if (document.body.dispatchEvent(new DragEvent(kind, { dataTransfer, bubbles: true, cancelable: true }))) location.href = 'about:blank'
  })
  await expect(page.getByTestId('attach-send')).toBeVisible()
  expect(page.url()).toBe(address)
  await ana.closeSheet()

  const session = await page.context().newCDPSession(page)
  await ana.composer.fill('')
  await session.send('Input.imeSetComposition', { text: 'にほん', selectionStart: 3, selectionEnd: 3 })
  await page.keyboard.press('Enter')
  expect(await ana.texts(), 'the Enter of an input method sends nothing').toEqual(['Hello'])
})

async function expectNamed(page: Page): Promise<void> {
  await expect(page.getByRole('main').first()).toBeVisible()
  expect(await namelessControls(page)).toEqual([])
  expect(await page.title()).not.toBe('')
  expect(await page.locator('html').getAttribute('lang')).toMatch(/^[a-z]{2}/)
  expect(await page.getByRole('heading', { level: 1 }).count(), 'a heading of the first level').toBeGreaterThan(0)
  const headings = await page.getByRole('heading').allTextContents()
  expect(new Set(headings).size, `no heading is said twice: ${headings.join(', ')}`).toBe(headings.length)
}

async function tabTo(page: Page, hook: string): Promise<void> {
  for (let press = 0; press < TAB_PRESSES_MAX; press += 1) {
    if (await page.evaluate((wanted) => document.activeElement?.closest(`[data-testid="${wanted}"]`) !== null, hook)) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`${hook} is not reached by Tab.`)
}

/** The focused control, or the frame around it, draws an outline. */
async function expectVisibleFocus(page: Page): Promise<void> {
  const outlined = await page.evaluate(() => {
    const focused = document.activeElement
    const frames = [focused, focused?.parentElement, focused?.parentElement?.parentElement].filter(
      (element) => element instanceof HTMLElement,
    )
    return frames.some((element) => {
      const style = getComputedStyle(element)
      return (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== 'none'
    })
  })
  expect(outlined, 'the focus is visible').toBe(true)
}

/** Buttons, links and fields that a screen reader would announce without a name. */
async function namelessControls(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const named = (element: Element): boolean => {
      const texts = [element.getAttribute('aria-label'), element.textContent, element.getAttribute('title')]
      const labelledBy = (element.getAttribute('aria-labelledby') ?? '').split(/\s+/).map((id) => document.getElementById(id)?.textContent)
      const labels =
        element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement
          ? [...(element.labels ?? [])].map((label) => label.textContent)
          : []
      const own = element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement ? [texts[0], texts[2]] : texts
      return [...own, ...labelledBy, ...labels].some((text) => (text ?? '').trim() !== '')
    }
    const controls = document.querySelectorAll(
      'button, a[href], input:not([type="hidden"]), textarea, select, [role="button"], [role="switch"], [role="dialog"]',
    )
    return [...controls]
      .filter((element) => element.checkVisibility({ visibilityProperty: true }) && !named(element))
      .map((element) => element.outerHTML.slice(0, 160))
  })
}

/** The width of the smallest glyph of a control, px. */
async function smallestGlyph(page: Page): Promise<number> {
  const glyphs = page.locator('button svg, a svg').filter({ visible: true })
  return Math.min(...(await glyphs.evaluateAll((all) => all.map((glyph) => glyph.getBoundingClientRect().width))))
}

/** On a small phone. */
async function expectNoOverflow(page: Page, screen: string): Promise<void> {
  const size = page.viewportSize()
  await page.setViewportSize({ width: 320, height: 640 })
  expect(await overflow(page), screen).toBe(0)
  if (size !== null) await page.setViewportSize(size)
}

async function overflow(page: Page): Promise<number> {
  return page.evaluate(() => Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth))
}
