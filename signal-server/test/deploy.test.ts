// What lies in deploy/ fits the relay: figures that are asked for exist, and settings are ones that it knows.

import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { BlockList } from 'node:net'
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parseConfig } from '../src/config.ts'
import { createMetrics } from '../src/metrics.ts'
import { DURABLE } from './redis/server.ts'

const DEPLOY = fileURLToPath(new URL('../deploy', import.meta.url))
const ROOT = join(DEPLOY, '../..')
const SYSTEMD_ANALYZE = '/usr/bin/systemd-analyze'
const textOf = (file: string): string => readFileSync(join(DEPLOY, file), 'utf8')
const PLACE = { cwd: '/', defaultDist: '/dist' }
/** Of one family. */
function isBetween(address: string, first: string, last: string): boolean {
  const [family, own] = [first, address].map((one) => (one.includes(':') ? 'ipv6' : 'ipv4'))
  if (family === undefined || family !== own) return false
  const list = new BlockList()
  list.addRange(first, last, family)
  return list.check(address, family)
}
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
  test('the relay reaches push services from its container, and figures and the store reach nobody', () => {
    const compose = textOf('compose.yaml')
    const networksOf = (service: string): string | undefined =>
      new RegExp(`^  ${service}:\\n(?:(?:    .*)?\\n)*?    networks: \\[(.*)\\]`, 'm').exec(compose)?.[1]
    expect(compose).toMatch(/^networks:\n(?: +#.*\n)* +inside:\n +internal: true\n/m)
    expect(networksOf('relay')?.split(', ')).toContain('default')
    expect([networksOf('prometheus'), networksOf('store')]).toEqual(['inside', 'inside'])
  })
  test('coturn asks for credentials, is no way into the networks of its machine, and its secret is in no file and no command line', () => {
    const conf = textOf('turnserver.conf')
    const lines = conf.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
    for (const line of ['use-auth-secret', 'no-cli', 'no-tcp-relay', 'no-multicast-peers']) expect(lines).toContain(line)
    expect(lines.filter((line) => /^(?:static-auth-secret|user=|no-auth|allow-loopback-peers|allowed-peer-ip)/.test(line))).toEqual([])
    const denied = lines.flatMap((line) => /^denied-peer-ip=(.*)$/.exec(line)?.[1] ?? []).map((range) => range.split('-'))
    const near = [
      '127.0.0.1',
      '10.1.2.3',
      '172.31.0.1',
      '192.168.1.1',
      '169.254.169.254',
      '100.64.0.1',
      '0.0.0.0',
      '::1',
      'fd00::1',
      'fe80::1',
    ]
    const isDenied = (address: string): boolean => denied.some(([first = '', last = first]) => isBetween(address, first, last))
    expect(near.filter((address) => !isDenied(address))).toEqual([])
    expect(['8.8.8.8', '172.32.0.1', '2a00:1450:4001::1'].filter(isDenied)).toEqual([])
    const [, turn = ''] = /^ {2}turn:\n((?:(?: {4}.*)?\n)+)/m.exec(textOf('compose.yaml')) ?? []
    expect(turn).toContain('$${KITH_TURN_SECRET:?')
    expect(turn.match(/turnserver .*/g)?.filter((command) => command.includes('SECRET'))).toEqual([])
  })
  test('what compose.yaml mounts, and what the Containerfile copies from the checkout, is there', () => {
    const mounted = [...textOf('compose.yaml').matchAll(/- \.\/([^:\s]+):/g)].map(([, file = '']) => join(DEPLOY, file))
    const copied = [...textOf('Containerfile').matchAll(/^COPY --from=build \/kith\/(\S+) /gm)].map(([, path = '']) => join(ROOT, path))
    expect([mounted.length, copied.length].every((count) => count > 3)).toBe(true)
    // The operator writes the token; the build makes dist.
    const made = [join(DEPLOY, 'metrics-token'), join(ROOT, 'dist')]
    expect([...mounted, ...copied].filter((path) => !made.includes(path) && !existsSync(path))).toEqual([])
  })
  test.runIf(existsSync(SYSTEMD_ANALYZE))('systemd finds nothing wrong with the unit, and little that it could do on the machine', () => {
    const folder = mkdtempSync(join(tmpdir(), 'kith-deploy-'))
    // Where the checkout lies on an operator's machine there is none here.
    const unit = textOf('kith-relay.service').replace(/^ExecStart=.*$/m, 'ExecStart=/bin/true')
    writeFileSync(join(folder, 'kith-relay.service'), unit)
    const verified = spawnSync(SYSTEMD_ANALYZE, ['verify', '--man=no', join(folder, 'kith-relay.service')], { encoding: 'utf8' })
    const rated = spawnSync(SYSTEMD_ANALYZE, ['security', '--offline=yes', '--threshold=25', join(folder, 'kith-relay.service')])
    rmSync(folder, { recursive: true })
    expect([verified.status, verified.stderr]).toEqual([0, ''])
    expect(rated.status, 'exposure of 2.5 of 10 at most').toBe(0)
  })
  // Both are found where Debian's packages put them.
  const found = (program: string, ask: string): boolean => spawnSync(program, [ask]).status === 0
  test.runIf(found('promtool', '--version'))(
    'Prometheus takes its files, and each alert sounds when it should and not when all is well',
    () => {
      for (const args of [
        ['check', 'config', '--syntax-only', 'prometheus.yaml'],
        ['check', 'rules', 'alerts.yaml'],
        ['test', 'rules', 'alerts.test.yaml'],
      ]) {
        const { status, stdout, stderr } = spawnSync('promtool', args, { cwd: DEPLOY, encoding: 'utf8' })
        expect(status, `${stdout}${stderr}`).toBe(0)
      }
    },
  )
  test('each alert has its case in alerts.test.yaml', () => {
    const namesIn = (file: string): ReadonlySet<string> => new Set([...textOf(file).matchAll(/\bKith[A-Z]\w+/g)].map(([name]) => name))
    expect(namesIn('alerts.yaml')).toEqual(namesIn('alerts.test.yaml'))
  })
  test.runIf(found('caddy', 'version'))('Caddy takes its file', () => {
    const args = ['validate', '--adapter', 'caddyfile', '--config', 'Caddyfile']
    const { status, stderr } = spawnSync('caddy', args, { cwd: DEPLOY, encoding: 'utf8', env: { ...process.env, KITH_NAME: 'localhost' } })
    expect(status, stderr).toBe(0)
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
