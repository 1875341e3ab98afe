// What Linux knows of processes that are measured, and which of them it prefers. Elsewhere nothing is known, and all are equal.

import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { setPriority } from 'node:os'

const TICKS_PER_SECOND = 100

/** Of a process with all its threads: each has a priority of its own, and those that it starts later have its. Only root may prefer one; for others it stays as it is. */
export function setPriorityOfAll(pid: number, priority: number): void {
  const tasks = `/proc/${pid}/task`
  for (const thread of existsSync(tasks) ? readdirSync(tasks).map(Number) : [pid]) {
    try {
      setPriority(thread, priority)
    } catch {
      // Measured all the same.
    }
  }
}

/** Of all processes of this session against those of others, where Linux shares out processors by session: there the priority of a process counts within it only. */
export function setPriorityOfSession(priority: number): void {
  try {
    writeFileSync('/proc/self/autogroup', String(priority))
  } catch {
    // Measured all the same.
  }
}

/** Milliseconds of processor that all its threads have used since it started. */
export function cpuMsOf(pid: number): number {
  const file = `/proc/${pid}/stat`
  if (!existsSync(file)) return NaN
  const line = readFileSync(file, 'utf8')
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ')
  return ((Number(fields[11]) + Number(fields[12])) * 1_000) / TICKS_PER_SECOND
}
