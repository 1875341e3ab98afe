// One linking at a time, on either side: begun and ended by the person in front of the screen, and never by anything that comes from outside.

import { runNewEnd } from './new-end.ts'
import { runOldEnd } from './old-end.ts'
import type { LinkAct } from '../../engine.ts'
import type { LinkingFailure, LinkingView } from '../../views.ts'
import type { Loop } from '../loop.ts'
import type { PlaceParts } from './places.ts'
import type { LinkRun } from './run.ts'

export type LinkingParts = PlaceParts & {
  readonly loop: Pick<Loop, 'state' | 'ask' | 'push'>
  /** Undefined: there is none, and nothing to say about the last one. */
  readonly showLinking: (view: LinkingView | undefined) => void
  readonly log: (line: string) => void
}

type Going = { readonly side: 'old' | 'new'; isStopped: boolean; isConfirmed: boolean }

export function createLinking(parts: LinkingParts): (act: LinkAct) => Promise<void> {
  let going: Going | undefined

  function begin(side: Going['side'], run: (run: LinkRun) => Promise<LinkingFailure | 'done'>): void {
    stop()
    const mine: Going = { side, isStopped: false, isConfirmed: false }
    going = mine
    const show = (view: LinkingView): void => {
      if (!mine.isStopped) parts.showLinking(view)
    }
    const pause = (ms: number): Promise<void> => new Promise((resolve) => void parts.timer(ms, resolve))
    run({ ...parts, show, pause, isStopped: () => mine.isStopped, isConfirmed: () => mine.isConfirmed }).then(
      (outcome) => show(outcome === 'done' ? { kind: 'done', side } : { kind: 'failed', reason: outcome }),
      (error: unknown) => {
        parts.log(`linking a device failed: ${String(error)}`)
        show({ kind: 'failed', reason: 'unreachable' })
      },
    )
  }

  function stop(): void {
    if (going !== undefined) going.isStopped = true
    going = undefined
    parts.showLinking(undefined)
  }

  return (act) => {
    switch (act.kind) {
      case 'show':
        begin('old', (run) => runOldEnd(run, act.name))
        break
      case 'enter':
        begin('new', (run) => runNewEnd(run, act.code, act.name))
        break
      case 'confirm':
        if (going?.side === 'old') going.isConfirmed = true
        break
      case 'stop':
        stop()
    }
    return Promise.resolve()
  }
}
