// A person's devices on a stage: how one of them is linked to another.

import { expect } from 'vitest'
import type { DevicesView, LinkingView } from '../../src/views.ts'
import type { Person } from '../simulation/person.ts'
import type { Stage } from './stage.ts'

/** What a device shows of a linking, from now on. */
export function watchLinking(person: Person): {
  readonly now: () => LinkingView | undefined
  readonly devices: () => DevicesView['devices']
} {
  let shown: DevicesView = { devices: [], linking: undefined }
  person.engine().watchDevices((view) => (shown = view))
  return { now: () => shown.linking, devices: () => shown.devices }
}

/** Until a device shows a linking of that kind; it is given up soon. */
export async function until<Kind extends LinkingView['kind']>(
  stage: Stage,
  seen: { readonly now: () => LinkingView | undefined },
  kind: Kind,
): Promise<Extract<LinkingView, { kind: Kind }>> {
  for (let tries = 0; tries < 60; tries += 1) {
    const view = seen.now()
    if (view?.kind === kind) return view as Extract<LinkingView, { kind: Kind }>
    await stage.pass(500)
  }
  throw new Error(`it shows ${JSON.stringify(seen.now())}`)
}

export async function showCode(
  stage: Stage,
  old: Person,
): Promise<{ readonly seen: ReturnType<typeof watchLinking>; readonly code: string }> {
  const seen = watchLinking(old)
  await stage.done(old.engine().linkDevice({ kind: 'show', name: `${old.name}’s first` }))
  return { seen, code: (await until(stage, seen, 'showing')).code }
}

/** `fresh` becomes a device of the person that `old` is one of. */
export async function link(stage: Stage, old: Person, fresh: Person): Promise<void> {
  const { seen, code } = await showCode(stage, old)
  const other = watchLinking(fresh)
  await stage.done(fresh.engine().linkDevice({ kind: 'enter', code, name: fresh.name }))
  const [mine, theirs] = [await until(stage, seen, 'comparing'), await until(stage, other, 'comparing')]
  expect(mine.digits).toMatch(/^\d{6}$/)
  expect(theirs.digits).toBe(mine.digits)
  await stage.done(old.engine().linkDevice({ kind: 'confirm' }))
  await until(stage, other, 'done')
  await until(stage, seen, 'done')
}
