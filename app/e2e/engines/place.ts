// What is being read stays where it is, in engines that anchor scrolling themselves and in one that does not.

import { PAGE_FAULT } from '../../../tools/browser-report.ts'
import { expect } from '../walk.ts'
import type { Met, Walk } from './visitor.ts'
import type { EnginePage } from './engine-page.ts'

const SCROLLER = '.stage > .scroll'
const LINES = 40
const lineOf = (at: number): string => `line ${at}: some words, as many as fill more than one line on the screen of a telephone`

export async function keepPlace({ page }: Walk, { ana, ben }: Met): Promise<void> {
  for (let at = 0; at < LINES; at += 1) await ben.send(lineOf(at))
  await ana.expectMessage(lineOf(LINES - 1), 'them')
  await settled(page)
  const end = Number(await page.read(`document.querySelector('${SCROLLER}').scrollTop`))
  for (let turn = 0; turn < 3; turn += 1) await page.wheel(SCROLLER, -400)
  await expect.poll(() => page.read(`document.querySelector('${SCROLLER}').scrollTop`), 'the wheel turns').toBeLessThan(end - 300)
  await settled(page)

  const [reading, above] = (await page.read(`(() => {
    const scroller = document.querySelector('${SCROLLER}')
    const notes = [...scroller.querySelectorAll('[data-message-id]')]
    const first = notes.findIndex((note) => note.getBoundingClientRect().top > scroller.getBoundingClientRect().top)
    return [first, first - 4].map((at) => notes[at].dataset.messageId)
  })()`)) as readonly [string, string]
  const style = (rule: string): Promise<unknown> =>
    page.read(`document.querySelector('[data-message-id="${above}"]').style.cssText = '${rule}'`)
  const top = async (): Promise<number> =>
    Number(await page.read(`document.querySelector('[data-message-id="${reading}"]').getBoundingClientRect().top`))
  const before = await top()
  const stays = async (when: string): Promise<void> => {
    await settled(page)
    expect(Math.abs((await top()) - before), when).toBeLessThan(0.5)
  }
  await ben.send('One more')
  await ben.send('And another')
  await expect.poll(() => page.read(`document.querySelector('[data-testid="conversation-item"]').textContent`)).toContain('And another')
  await stays('messages have come')
  await style('padding-block-start: 300px')
  await stays('something above has grown')
  await style('display: none')
  await stays('something above has gone')
  expect(await page.problems(), PAGE_FAULT).toEqual([])
}

/** Nothing has moved for a while. */
async function settled(page: EnginePage): Promise<void> {
  const seen: unknown[] = []
  const still = async (): Promise<boolean> => {
    seen.push(await page.read(`(({ scrollTop, scrollHeight }) => scrollTop + ' ' + scrollHeight)(document.querySelector('${SCROLLER}'))`))
    return seen.length > 3 && new Set(seen.slice(-4)).size === 1
  }
  await expect.poll(still, { intervals: [250] }).toBe(true)
}
