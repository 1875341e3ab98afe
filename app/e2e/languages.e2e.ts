// The languages of the page as people meet them: nothing of another one left over, nothing that does not fit, and everything the other way around
// where lines run from right to left.

import type { Page, Request } from '@playwright/test'
import { axeFaults } from '../../audits/axe.ts'
import { details as detailsWords } from '../src/features/language/en/details.ts'
import { device as deviceWords } from '../src/features/language/en/device.ts'
import { group as groupWords } from '../src/features/language/en/group.ts'
import { list as listWords } from '../src/features/language/en/list.ts'
import { media as mediaWords } from '../src/features/language/en/media.ts'
import { message as messageWords } from '../src/features/language/en/message.ts'
import { search as searchWords } from '../src/features/language/en/search.ts'
import { words } from '../src/features/words.ts'
import type { Person } from './person.ts'
import { expectNothingCut } from './surface.ts'
import { expect, test } from './walk.ts'
import type { World } from './world.ts'

const FOREIGN = ['de', 'es', 'ar', 'zh-Hans'] as const
type Foreign = (typeof FOREIGN)[number]
/** As browsers name them. */
const BROWSERS: Readonly<Record<Foreign, string>> = { de: 'de-DE', es: 'es-ES', ar: 'ar-EG', 'zh-Hans': 'zh-CN' }
/** English words that are the language's own too, and names. */
const SHARED =
  /^(?:Kith|Kith-…|Relay|Chats?|Details|Offline|Emoji|Link|Person|System|Filter|Admin|Smileys|Pause|Kind|Enter|Shift|Home|End|Esc|Del|QR)$/

const texts = (value: unknown): readonly string[] => {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(texts) : []
}
/** The English without its places: each piece of it that is long enough to be told apart. */
const ENGLISH = [words, detailsWords, deviceWords, groupWords, listWords, mediaWords, messageWords, searchWords]
  .flatMap(texts)
  .flatMap((text) => text.split(/\{\w+\}/))
  .map((piece) => piece.trim())
  .filter((piece) => piece.length > 3 && !SHARED.test(piece))

/** Runs in the page: what is to be read or heard on it, piece by piece. */
function said(): string[] {
  const found: string[] = [document.title.replace('Kith', '').replace('·', '').trim()]
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  for (let node = texts.nextNode(); node !== null; node = texts.nextNode()) {
    const at = node.parentElement
    if (at === null || at.closest('#stuck, noscript, [data-testid="message-text"], option, script, style, kbd') !== null) continue
    found.push(node.textContent ?? '')
  }
  for (const element of document.querySelectorAll('body *')) {
    if (element.closest('#stuck, option') !== null) continue
    for (const name of ['aria-label', 'title', 'placeholder', 'alt']) found.push(element.getAttribute(name) ?? '')
  }
  return found.map((text) => text.trim()).filter((text) => text !== '')
}

/** Runs in the page: what is wider than the window, or than its place without being cut on purpose. */
function overflowing(): string[] {
  const wide = [...document.querySelectorAll<HTMLElement>('body *')].filter((one) => {
    if (!one.checkVisibility() || one.closest('.vh, .skip, svg') !== null) return false
    const { left, right, width } = one.getBoundingClientRect()
    return width > 1 && (left < -1 || right > innerWidth + 1) && one.closest('[data-testid="emoji-list"], .tip') === null
  })
  const scrolling = [document.documentElement, ...document.querySelectorAll('main, .scroll, dialog[open]')].filter(
    (one) => one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 0,
  )
  return [...new Set([...wide, ...scrolling].map((one) => `${one.tagName} ${one.className} ${(one.textContent ?? '').slice(0, 40)}`))]
}

async function expectSpoken(page: Page, language: Foreign, screen: string): Promise<void> {
  await expect(page.locator('html')).toHaveAttribute('lang', language)
  await expect(page.locator('html')).toHaveAttribute('dir', language === 'ar' ? 'rtl' : 'ltr')
  const read = await page.evaluate(said)
  const english = read.filter((text) => ENGLISH.some((piece) => text === piece || (piece.length > 11 && text.includes(piece))))
  expect.soft(english, `${screen}: left in English`).toEqual([])
  expect.soft(await page.evaluate(overflowing), `${screen}: too wide`).toEqual([])
  // What axe looks at is the same in each language but for the direction of lines; in English, other walks ask it of every screen.
  if (language === 'ar') expect.soft(await axeFaults(page, 'light'), screen).toEqual([])
}

async function reader(world: World, name: string, language: Foreign, look: Parameters<World['person']>[1] = {}): Promise<Person> {
  return world.person(name, { locale: BROWSERS[language], ...look })
}

for (const language of FOREIGN) {
  test(`the main screens are in ${language} and fit a phone${language === 'ar' ? ', and axe finds nothing' : ''}`, async ({ world }) => {
    test.setTimeout(240_000)
    const ana = await reader(world, 'Ana', language, { viewport: { width: 390, height: 844 } })
    const page = await ana.open()
    const sheet = page.getByRole('dialog')
    const see = (screen: string) => expectSpoken(page, language, screen)
    await expect(ana.composer).toBeVisible()
    await see('first start')
    const link = await ana.newChat('Hallo 你好 مرحبا')
    await see('invite')
    await ana.closeSheet()
    await see('a chat that nobody has joined')

    const ben = await reader(world, 'Ben', language, { viewport: { width: 390, height: 844 } })
    await ben.open(link)
    await ben.expectMessage('Hallo 你好 مرحبا', 'them')
    await expectSpoken(ben.page, language, 'invitation')
    await ben.send('42')
    await expect(ben.page.getByTestId('display-name')).toBeVisible()
    await expectSpoken(ben.page, language, 'name card')
    await ana.expectMessage('42', 'them')
    await see('conversation')

    await page.getByTestId('route').click()
    await expect(sheet).toBeVisible()
    await see('route')
    await ana.closeSheet()
    await ana.message('42').click({ button: 'right' })
    await expect(page.getByRole('menu')).toBeVisible()
    await see('menu of a message')
    await page.getByTestId('action-react').click()
    await expect(page.getByTestId('emoji-list').locator('[data-emoji]').first()).toBeVisible()
    await see('emoji')
    await ana.closeSheet()
    await ana.message('Hallo 你好 مرحبا').click({ button: 'right' })
    await page.getByTestId('action-info').click()
    await expect(sheet).toBeVisible()
    await see('where it is')
    await ana.closeSheet()
    await ana.message('Hallo 你好 مرحبا').click({ button: 'right' })
    await page.getByTestId('action-delete-everyone').click()
    await expect(sheet).toBeVisible()
    await see('before a message is deleted')
    await ana.closeSheet()

    await page.goto(`${world.url}settings`)
    await expect(page.getByTestId('wipe-device')).toBeVisible()
    await see('settings')
    await page.keyboard.press('?')
    await expect(sheet).toBeVisible()
    await see('keys')
    await ana.closeSheet()
    await page.getByTestId('wipe-device').click()
    await expect(sheet).toBeVisible()
    await see('before everything is erased')
    await ana.closeSheet()
    await page.getByTestId('link-device').click()
    await expect(page.getByTestId('link-code')).toHaveValue(/./)
    await see('another device')
    await ana.closeSheet()

    await page.goto(world.url)
    await expect(page.getByTestId('conversation-item')).toBeVisible()
    await see('list')
    await page.getByTestId('search').fill('42')
    await expect(page.getByTestId('search-result').first()).toBeVisible()
    await page.getByTestId('search-date').selectOption('own')
    await see('search with its filters')
    await page.getByTestId('search').fill('nirgends')
    await expect(page.getByTestId('search-result')).toHaveCount(0)
    await see('search without an answer')
    await page.keyboard.press('Escape')
    await page.getByTestId('new-group').click()
    await expect(page.getByTestId('group-title')).toBeVisible()
    await see('new group')
  })
}

test('a first visit in German fetches its first words beside the page, and shows no word of English before them', async ({ world }) => {
  const ana = await reader(world, 'Ana', 'de', { serviceWorkers: 'allow' })
  const asked: string[] = []
  ana.context.on('request', (request: Request) => {
    // The service worker takes what the page has fetched for its own store.
    if (request.serviceWorker() === null) asked.push(new URL(request.url()).pathname)
  })
  // Every text that the page has ever had, noted before its first script runs.
  await ana.context.addInitScript(() => {
    const seen: string[] = []
    Object.assign(window, { seen })
    new MutationObserver(() => {
      const app = document.getElementById('app')
      if (app !== null) seen.push(app.innerText)
    }).observe(document, { subtree: true, childList: true, characterData: true })
  })
  const page = await ana.open()
  await expect(page.getByText('Mit wem möchtest du sprechen?')).toBeVisible()
  await expect(page).toHaveTitle('Kith')
  const seen = await page.evaluate(() => (window as unknown as { readonly seen: readonly string[] }).seen.join('\n'))
  expect(seen).toContain('Mit wem möchtest du sprechen?')
  expect(ENGLISH.filter((piece) => piece.length > 7 && seen.includes(piece))).toEqual([])
  expect(asked.filter((path) => path.startsWith('/assets/de.first-')).length).toBe(1)
  expect(asked.filter((path) => /^\/assets\/(?:es|ar|zh-Hans)\./.test(path))).toEqual([])
})

test('a language that is chosen is spoken at once, in the other tab too, and at the next start, without a network', async ({ world }) => {
  const ana = await world.person('Ana', { serviceWorkers: 'allow' })
  const page = await ana.open()
  await ana.newChat('Hello')
  await ana.closeSheet()
  const other = await ana.context.newPage()
  await other.goto(world.url)
  await expect(other.getByTestId('conversation-item')).toBeVisible()

  await page.goto(`${world.url}settings`)
  const choice = page.getByTestId('language')
  await expect(choice.locator('option')).toContainText(['As in the browser', 'English', 'Deutsch', 'Español', 'العربية', '简体中文'])
  await choice.selectOption('ar')
  await expect(page.getByRole('heading', { name: 'المظهر' })).toBeVisible()
  await expect(page.locator('html')).toHaveAttribute('dir', 'rtl')
  await expect(page).toHaveTitle('الإعدادات · Kith')
  await expect(choice).toHaveValue('ar')
  await expect(other.locator('html')).toHaveAttribute('lang', 'ar')
  await expect(other.getByTestId('search')).toHaveAttribute('placeholder', 'البحث في كل شيء')

  await choice.selectOption('zh-Hans')
  await expect(page.getByRole('heading', { name: '外观' })).toBeVisible()
  await page.evaluate(() => navigator.serviceWorker.ready)
  await page.reload()
  await expect(page.getByRole('heading', { name: '外观' })).toBeVisible()
  await ana.context.setOffline(true)
  world.allowNetworkErrors()
  await page.reload()
  await expect(page.getByRole('heading', { name: '外观' })).toBeVisible()
  await page.getByTestId('language').selectOption('system')
  await expect(page.getByRole('heading', { name: 'Appearance' })).toBeVisible()
  await ana.context.setOffline(false)
})

test('keys and menus follow the direction of the lines, and so does what keeps the page from starting', async ({ world }) => {
  const ana = await reader(world, 'Ana', 'ar')
  const page = await ana.open()
  await ana.newChat('مرحبا')
  await ana.closeSheet()
  const box = async (hook: string) => (await page.getByTestId(hook).first().boundingBox()) ?? { x: NaN, width: NaN }
  const [list, note] = [await box('conversation-item'), await box('message')]
  expect(list.x, 'the list is at the right').toBeGreaterThan(note.x + note.width)
  for (const [text, direction] of [
    ['', 'rtl'],
    ['hello', 'ltr'],
    ['', 'rtl'],
  ] as const) {
    await ana.composer.fill(text)
    await expect(ana.composer, `with “${text}” in it`).toHaveCSS('direction', direction)
  }
  await ana.message('مرحبا').click({ button: 'right' })
  const menu = page.getByRole('menu')
  await page.keyboard.press('ArrowDown')
  const focused = () =>
    page.evaluate(() => document.activeElement?.getAttribute('data-emoji') ?? document.activeElement?.getAttribute('data-testid'))
  await menu.locator('[data-emoji]').first().focus()
  const before = await focused()
  await page.keyboard.press('ArrowLeft')
  expect(await focused(), 'left is onwards').not.toBe(before)
  await page.keyboard.press('ArrowRight')
  expect(await focused()).toBe(before)
  await page.keyboard.press('Escape')

  await page.goto(`${world.url}settings`)
  const theme = (name: string) => page.getByTestId('theme').locator(`[data-choice="${name}"]`)
  await theme('system').focus()
  await page.keyboard.press('ArrowLeft')
  await expect(theme('light')).toHaveAttribute('aria-checked', 'true')
  await page.keyboard.press('ArrowRight')
  await expect(theme('system')).toHaveAttribute('aria-checked', 'true')

  await test.step('with the largest text everything is still there on a phone, also after a reload', async () => {
    const largest = page.getByTestId('text-size').locator('[data-choice="larger"]')
    const rootSize = () => page.evaluate(() => parseFloat(getComputedStyle(document.documentElement).fontSize))
    const normal = await rootSize()
    await page.setViewportSize({ width: 390, height: 844 })
    await largest.click()
    expect(await rootSize()).toBeCloseTo(normal * 1.3, 1)
    await expectNothingCut(page, 'settings')
    await page.reload()
    await expect(largest).toHaveAttribute('aria-checked', 'true')
    expect(await rootSize()).toBeCloseTo(normal * 1.3, 1)
    await page.goto(world.url)
    await expect(page.getByTestId('conversation-item').or(ana.composer).first()).toBeVisible()
    await expectNothingCut(page, 'list or chat')
    await page.getByTestId('conversation-item').or(page.getByTestId('route')).filter({ visible: true }).first().click()
    await expectNothingCut(page, 'chat')
  })

  await test.step('what keeps the page from starting is said in the language of the reader', async () => {
    await ana.context.route(/\/assets\/first-.*\.js$/, (route) => route.abort())
    world.allowNetworkErrors()
    await page.goto(world.url)
    await expect(page.getByRole('heading', { name: 'تعذّر بدء Kith' })).toBeVisible()
    await expect(page.getByRole('button', { name: 'إعادة التحميل' })).toBeVisible()
    await expect(page.locator('html')).toHaveAttribute('dir', 'rtl')
  })
})
