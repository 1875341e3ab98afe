// @vitest-environment happy-dom
import { expect, it } from 'vitest'
import { detailsWords } from '../details-words.ts'
import { CHAT, createFakeEngine, render } from '../testing/index.ts'
import TimerRow from './TimerRow.vue'

const row = (seconds: number) => {
  const engine = createFakeEngine()
  const { place } = render(TimerRow, { conversation: CHAT, seconds }, engine)
  const select = place.querySelector('select')
  if (select === null) throw new Error('no list')
  return { engine, place, select, offered: [...select.options].map(({ textContent }) => textContent) }
}

it('offers from never to four weeks, in words', () => {
  const { select, offered, place } = row(0)
  expect(offered).toEqual([detailsWords.timer.never, '5 minutes', '1 hour', '8 hours', '1 day', '1 week', '4 weeks'])
  expect(select.value).toBe('0')
  expect(place.textContent).toContain(detailsWords.timer.off)
})

it('has what somebody chose elsewhere among them, in its place', () => {
  const { select, offered, place } = row(90)
  expect(select.value).toBe('90')
  expect(offered.slice(0, 3)).toEqual([detailsWords.timer.never, '90 seconds', '5 minutes'])
  expect(place.textContent).toContain(detailsWords.timer.note)
})

it('sets what is chosen, and shows what holds until it does', async () => {
  const { engine, select } = row(0)
  select.value = '604800'
  select.dispatchEvent(new Event('change'))
  expect(engine.of('setTimer')).toEqual([{ conversation: CHAT, seconds: 604_800 }])
  await new Promise((resolve) => setTimeout(resolve))
  expect(select.value).toBe('0')
})
