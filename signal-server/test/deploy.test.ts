// What lies in deploy/ fits the relay: figures that are asked for exist, and settings are ones that it knows.

import { readFileSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parseConfig } from '../src/config.ts'
import { createMetrics } from '../src/metrics.ts'
import { DURABLE } from './redis/server.ts'

const DEPLOY = fileURLToPath(new URL('../deploy', import.meta.url))
const textOf = (file: string): string => readFileSync(join(DEPLOY, file), 'utf8')
const PLACE = { cwd: '/', defaultDist: '/dist' }
const helpOf = (): string => {
  const parsed = parseConfig({}, ['--help'], PLACE)
  return parsed.kind === 'help' ? parsed.text : ''
}

describe('deploy/', () => {
  test.each(['alerts.yaml', 'dashboard.json'])('%s asks for figures that the relay has', async (file) => {
    const text = await createMetrics().text({
      connections: () => 0,
      usage: async () => ({ bytes: 0, mailboxes: 0, blobs: 0, records: 0, fullest: [] }),
      storeBytesMax: 1,
      ailment: async () => undefined,
    })
    const known = new Set(
      [...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)].flatMap(([, name = '', type]) => (type === 'histogram' ? [`${name}_bucket`] : [name])),
    )
    const asked = [...textOf(file).matchAll(/\bkith_\w+/g)].map(([name]) => name)
    expect(asked.length).toBeGreaterThan(3)
    expect(asked.filter((name) => !known.has(name))).toEqual([])
  })
  test('kith.conf is taken as it is', () => {
    const parsed = parseConfig({}, ['--config', join(DEPLOY, 'kith.conf')], PLACE)
    expect(parsed).toMatchObject({ kind: 'config', config: { publicUrl: 'https://chat.example.org', forwardedFor: 'last', log: 'json' } })
  })
  test('a relay that can keep nothing is still reached: what is fetched from it makes room', () => {
    expect(textOf('Caddyfile')).not.toMatch(/^\s*(health_|fail_duration|unhealthy_)/m)
    expect(textOf('Caddyfile')).toContain('lb_try_duration')
  })
  test('the store for several relays is set as they want it', () => {
    const [, command = ''] = /command: \[valkey-server, ([^\]]*)\]/.exec(textOf('compose.yaml')) ?? []
    const words = command.replaceAll("'", '').split(', ')
    const setTo = (name: string): string | undefined => words[words.indexOf(`--${name}`) + 1]
    const names = ['appendonly', 'appendfsync', 'maxmemory', 'maxmemory-policy']
    expect(names.map(setTo)).toEqual(['yes', 'always', '1gb', 'noeviction'])
    expect(names.map((name) => DURABLE.includes(`--${name}`))).toEqual(names.map(() => true))
  })
  test('systemd starts the relay once the clock is set', () => {
    for (const word of ['After', 'Wants'])
      expect(textOf('kith-relay.service')).toMatch(new RegExp(`^${word}=.*\\btime-sync\\.target\\b`, 'm'))
  })
  test('every setting that a file names is one that the relay knows', () => {
    const help = helpOf()
    const named = readdirSync(DEPLOY).flatMap((file) => [...textOf(file).matchAll(/\bKITH_[A-Z_]+/g)].map(([name]) => name))
    // KITH_NAME is compose.yaml's own: the name for which Caddy gets a certificate.
    expect(named.filter((name) => name !== 'KITH_NAME' && !help.includes(name))).toEqual([])
  })
})
