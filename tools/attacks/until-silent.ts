// Waits for a process as long as it goes on saying something, and ends it, with all that it started, when it has said nothing for too long.

import type { ChildProcessByStdio } from 'node:child_process'
import type { Readable } from 'node:stream'

/** `child`: the first of a group of processes. What it says on its output only counts as a sign of life. */
export async function untilSilent(child: ChildProcessByStdio<null, Readable, null>, silenceMs: number): Promise<'ended' | 'silent'> {
  let outcome: 'ended' | 'silent' = 'ended'
  const end = (): void => {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL')
  }
  const timer = setTimeout(() => {
    outcome = 'silent'
    end()
  }, silenceMs)
  child.stdout.on('data', () => timer.refresh())
  process.once('exit', end)
  await new Promise<void>((done, fail) => child.once('error', fail).once('close', () => done()))
  process.off('exit', end)
  clearTimeout(timer)
  return outcome
}
