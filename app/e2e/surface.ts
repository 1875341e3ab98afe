// What a screen shows of its controls, measured in the page as the browser draws it.

import { expect, type Locator, type Page } from '@playwright/test'

/** A browser at 400 %, and a small phone with its keyboard open. */
const LOW = [
  { width: 320, height: 440 },
  { width: 320, height: 256 },
] as const
const WIDE = { width: 1200, height: 800 }

/** In forced colours every control stands out, shows the focus, and says whether it is on; what is a box otherwise is one there too. */
export async function expectDrawn(page: Page, screen: string): Promise<void> {
  await page.evaluate(markBoxes)
  await page.emulateMedia({ forcedColors: 'active' })
  expect.soft(await page.evaluate(drawingFaults), `${screen} in forced colours`).toEqual([])
  await page.emulateMedia({ forcedColors: null })
}

/** On the lowest screens each of these can be brought into view whole, nothing lies over it, and nothing scrolls sideways. */
export async function expectReachable(page: Page, screen: string, wanted: readonly Locator[]): Promise<void> {
  for (const size of LOW) {
    await page.setViewportSize(size)
    for (const one of wanted) {
      await one.scrollIntoViewIfNeeded()
      await expect.soft(one, `${screen} at ${size.width} × ${size.height}`).toBeInViewport({ ratio: 0.99 })
      await one.click({ trial: true, timeout: 10_000 })
    }
    expect.soft(await page.evaluate(sidewaysScrollers), `${screen} at ${size.width} × ${size.height} scrolls sideways`).toEqual([])
  }
  await page.setViewportSize(WIDE)
}

/** No word of a control or a heading is broken over two lines. */
export async function expectWholeWords(page: Page, screen: string): Promise<void> {
  expect.soft(await page.evaluate(brokenWords), `${screen} breaks words`).toEqual([])
}

/** Runs in the page. */
function brokenWords(): string[] {
  const broken: string[] = []
  for (const element of document.querySelectorAll('button, a, label, h1, h2, h3, h4, [role="radio"], .set')) {
    const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT)
    for (let node = texts.nextNode(); node !== null; node = texts.nextNode()) {
      const place = node.parentElement
      // Said to screen readers only, or until it is reached by key.
      if (place === null || place.getBoundingClientRect().width < 2 || place.closest('.skip') !== null) continue
      for (const { 0: word, index } of (node.textContent ?? '').matchAll(/[\p{L}\p{N}’]+/gu)) {
        const range = document.createRange()
        range.setStart(node, index)
        range.setEnd(node, index + word.length)
        if (new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size > 1) broken.push(word)
      }
    }
  }
  return broken
}

/** As the page is: no word is broken, and nothing scrolls sideways. */
export async function expectNothingCut(page: Page, screen: string): Promise<void> {
  await expectWholeWords(page, screen)
  expect.soft(await page.evaluate(sidewaysScrollers), `${screen} scrolls sideways`).toEqual([])
}

/** Runs in the page: what can be moved sideways, but for lines that are cut on purpose. */
function sidewaysScrollers(): string[] {
  return [document.documentElement, ...document.querySelectorAll('dialog[open], main, .scroll, aside, nav')]
    .filter((one) => one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 0)
    .map((one) => `${one.tagName} ${one.className}`)
}

/** Runs in the page: what stands out by the colour of its ground alone. */
function markBoxes(): void {
  for (const element of document.querySelectorAll<HTMLElement>('p, div, section, article, aside, dialog')) {
    const { backgroundColor, borderStartStartRadius } = getComputedStyle(element)
    const isBox = backgroundColor !== 'rgba(0, 0, 0, 0)' && parseFloat(borderStartStartRadius) > 0
    if (isBox && (element.innerText ?? '').trim() !== '') element.dataset['box'] = ''
    else delete element.dataset['box']
  }
}

/** Runs in the page. */
function drawingFaults(): string[] {
  const still = new CSSStyleSheet()
  still.replaceSync('*, ::before, ::after, ::backdrop { transition: none !important; animation: none !important }')
  document.adoptedStyleSheets = [still]
  const faults: string[] = []
  /** Of controls, by WCAG 1.4.11. */
  const CONTRAST_MIN = 3
  const brush = document.createElement('canvas').getContext('2d', { willReadFrequently: true })
  /** WCAG's relative luminance of colours laid over each other. */
  const luminance = (layers: readonly string[]): number => {
    if (brush === null) return 0
    for (const colour of layers) {
      brush.fillStyle = colour
      brush.fillRect(0, 0, 1, 1)
    }
    const linear = (part: number): number => (part <= 10 ? part / 3294 : ((part / 255 + 0.055) / 1.055) ** 2.4)
    const [r = 0, g = 0, b = 0] = brush.getImageData(0, 0, 1, 1).data
    return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b)
  }
  const standsOut = (colour: string, behind: readonly string[]): boolean => {
    if (colour === 'none') return false
    const [one, other] = [luminance([...behind, colour]), luminance(behind)]
    return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05) >= CONTRAST_MIN
  }
  /** The backgrounds that an element lies on, the lowest first. */
  const ground = (element: Element | null): readonly string[] =>
    element === null
      ? ['Canvas']
      : [...(element.tagName === 'DIALOG' ? ['Canvas'] : ground(element.parentElement)), getComputedStyle(element).backgroundColor]
  const isFramed = (element: Element): boolean => {
    const style = getComputedStyle(element)
    const behind = ground(element.parentElement)
    const differs = (colour: string): boolean => standsOut(colour, behind)
    return (
      differs(style.backgroundColor) ||
      (parseFloat(style.borderTopWidth) > 0 && differs(style.borderTopColor)) ||
      (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0 && differs(style.outlineColor))
    )
  }
  /** Each text of a control, or where there is none its glyph, on what lies behind it. */
  const isInked = (element: Element): boolean => {
    const parts = [element, ...element.querySelectorAll('*')]
    const texts = parts.filter(
      (part) => [...part.childNodes].some((node) => node instanceof Text && node.data.trim() !== '') && !part.matches('svg *'),
    )
    if (texts.length > 0) return texts.every((part) => standsOut(getComputedStyle(part).color, ground(part)))
    return parts.some(
      (part) =>
        part instanceof SVGElement &&
        ['stroke', 'fill'].some((way) => standsOut(getComputedStyle(part).getPropertyValue(way), ground(part))),
    )
  }
  const frameOf = (element: Element): Element => element.closest('.field, .comp .in, .start') ?? element
  const look = (element: Element): string =>
    [element, ...element.querySelectorAll('*')]
      .flatMap((part) => [undefined, '::before', '::after'].map((pseudo) => getComputedStyle(part, pseudo)))
      .map((style) =>
        [style.backgroundColor, style.borderTopColor, style.borderTopWidth, style.outlineStyle, style.outlineWidth, style.transform].join(),
      )
      .join('|')

  const top = [...document.querySelectorAll('dialog[open]')].at(-1) ?? document
  for (const element of top.querySelectorAll<HTMLElement>(
    'button, a[href], input, textarea, [role="switch"], [role="radio"], [tabindex="0"]',
  )) {
    if (!element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) || element.closest('[inert]') !== null) continue
    if (element.getBoundingClientRect().width < 2 || element.closest('.vh, .skip') !== null) continue
    const called = element.getAttribute('aria-label') ?? element.textContent?.trim().slice(0, 40) ?? ''
    const name = `${element.tagName.toLowerCase()} "${called === '' ? element.className : called}"`
    // What a picture shows is in no colour of the page's: its frame tells it from what lies behind.
    const isPicture = element.textContent?.trim() === '' && element.querySelector('img') !== null
    const isFrame = isPicture || element.matches('input, textarea')
    if (isFrame ? !isFramed(frameOf(element)) : !isInked(element)) faults.push(`${name} is not to be seen`)
    for (const state of ['aria-checked', 'aria-pressed', 'aria-current']) {
      const value = element.getAttribute(state)
      if (value === null) continue
      const before = look(element)
      if (value === 'false') element.setAttribute(state, 'true')
      else if (state === 'aria-current') element.removeAttribute(state)
      else element.setAttribute(state, 'false')
      const isTold = before !== look(element)
      element.setAttribute(state, value)
      if (!isTold) faults.push(`${name} looks the same whatever its ${state}`)
    }
    if (element.matches(':disabled')) continue
    const [unfocused, had] = [look(frameOf(element)), document.activeElement]
    element.focus({ focusVisible: true } as FocusOptions)
    if (had !== element && document.activeElement === element && look(frameOf(element)) === unfocused) faults.push(`${name} shows no focus`)
    if (had instanceof HTMLElement) had.focus()
  }
  for (const box of top.querySelectorAll<HTMLElement>('[data-box]'))
    if (box.checkVisibility() && !isFramed(box)) faults.push(`box "${box.className}" is not to be seen`)
  document.adoptedStyleSheets = []
  return faults
}
