// What a message costs the page that shows it, counted in elements and not in time.

import { expect, test } from './walk.ts'

/** More than a chat shows at first, so that with each message one leaves the page. */
const WRITTEN = 66
/** Of a note there are some fifteen, and the one before it loses its time and tick. */
const STYLED_MAX = 50

test('a message more leaves those above it as they were drawn', async ({ friends: { ana, ben }, browser }) => {
  test.setTimeout(120_000)
  await ben.closeTab()
  for (let at = 0; at < WRITTEN; at += 1) {
    await ana.composer.fill(`one of many, ${at}`)
    await ana.composer.press('Enter')
    await expect(ana.composer).toHaveValue('')
  }
  await ana.expectState(`one of many, ${WRITTEN - 1}`, 'relay', 60_000)
  const group = ana.message(`one of many, ${WRITTEN - 1}`).locator('..')
  await expect.poll(() => group.locator('> *').count(), 'as many notes stand in one group').toBeGreaterThan(STYLED_MAX)

  await browser.startTracing(ana.page, { categories: ['disabled-by-default-devtools.timeline', 'devtools.timeline'] })
  await ana.send('and one more')
  await ana.expectState('and one more', 'relay')
  const { traceEvents } = JSON.parse(String(await browser.stopTracing())) as { readonly traceEvents: readonly TraceEvent[] }
  const styled = traceEvents.flatMap(({ name, args }) => (name === 'UpdateLayoutTree' ? (args.elementCount ?? []) : []))
  expect(Math.max(...styled), 'the trace has seen the note').toBeGreaterThan(5)
  expect(Math.max(...styled)).toBeLessThan(STYLED_MAX)
})

type TraceEvent = { readonly name: string; readonly args: { readonly elementCount?: number } }
