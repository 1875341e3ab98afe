import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { CONTROL_BYTES_MAX } from '../limits.ts'
import { askRelay } from './ask.ts'
import { CONTROL_SOCKET, listenForControl } from './listen.ts'

let folder = ''
const logged: string[] = []
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'kith-control-'))))
afterEach(() => {
  chmodSync(folder, 0o700)
  rmSync(folder, { recursive: true })
})
const listen = () =>
  listenForControl(
    folder,
    {
      echo: async (word) => ({ ok: true, value: word }),
      fail: async () => {
        throw new Error('it broke')
      },
    },
    (line) => void logged.push(line),
  )

test('commands are answered, up to so many bytes, and what nobody knows is refused', async () => {
  expect(await askRelay(folder, 'echo', 'x')).toBeUndefined()
  const close = await listen()
  expect(await askRelay(folder, 'echo', 'ü')).toEqual({ ok: true, value: 'ü' })
  expect(await askRelay(folder, 'echo', 'a'.repeat(CONTROL_BYTES_MAX))).toMatchObject({ ok: true })
  expect(await askRelay(folder, 'echo', 'a'.repeat(CONTROL_BYTES_MAX + 1))).toEqual({ ok: false, message: 'that is too long' })
  expect(await askRelay(folder, 'fail', '')).toEqual({ ok: false, message: 'it broke' })
  for (const name of ['toString', 'nothing', '../echo']) expect(await askRelay(folder, name, '')).toMatchObject({ ok: false })
  await close()
  expect(await askRelay(folder, 'echo', 'x')).toBeUndefined()
})
test('a socket that a killed relay left behind is taken over', async () => {
  writeFileSync(join(folder, CONTROL_SOCKET), '')
  const close = await listen()
  expect(statSync(join(folder, CONTROL_SOCKET)).isSocket()).toBe(true)
  expect(await askRelay(folder, 'echo', 'x')).toMatchObject({ ok: true })
  await close()
})
test('a folder whose path is too long for a socket costs the commands, not the relay', async () => {
  const close = await listenForControl(join(folder, 'a'.repeat(120)), {}, (line) => void logged.push(line))
  expect(logged.at(-1)).toMatch(/commands cannot reach this relay.*KITH_DATA_DIR/)
  await close()
})
