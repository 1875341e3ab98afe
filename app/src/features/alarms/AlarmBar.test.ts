// @vitest-environment happy-dom
import { expect, it } from 'vitest'
import { nextTick } from 'vue'
import type { AlarmView } from '@kith/protocol'
import { ANA, CHAT, createFakeEngine, render } from '../testing/index.ts'
import AlarmBar from './AlarmBar.vue'
import { ALARMS_SHOWN_MAX } from './limits.ts'

const alarm = (at: number): AlarmView => ({
  alarm: `alarm ${at}`,
  kind: at % 2 === 0 ? 'lists' : 'fork',
  account: ANA,
  name: 'Ana',
  mine: false,
})

it('shows so many at once, each loudly, and nothing where there is none', async () => {
  let show: (alarms: readonly AlarmView[]) => void = () => undefined
  const engine = { ...createFakeEngine(), watchAlarms: (_: unknown, shown: typeof show) => ((show = shown), () => undefined) }
  const { place } = render(AlarmBar, { conversation: CHAT }, engine)
  const shown = () => [...place.querySelectorAll('[data-testid="alarm"]')].map((bar) => bar.getAttribute('role'))
  expect(shown()).toEqual([])
  show(Array.from({ length: ALARMS_SHOWN_MAX + 1 }, (_, at) => alarm(at)))
  await nextTick()
  expect(shown()).toEqual(Array.from({ length: ALARMS_SHOWN_MAX }, () => 'alert'))
  expect(place.textContent).toContain('Ana')
})
