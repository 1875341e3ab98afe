// `kith-relay check-config`: what is set, where it comes from, and what an operator would want to know before anybody else finds out.

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { messageOf } from '../reports.ts'
import { NEAR } from '../transport/crowd.ts'
import { adviceOnTurn } from '../turn-server.ts'
import type { Config, StoreServers } from '../config.ts'
import type { CommandInput } from './run.ts'

const SECRETS: ReadonlySet<string> = new Set(['KITH_METRICS_TOKEN', 'KITH_TURN_SECRET'])

/** A secret is not shown at all, and of the address of a server no password. */
function shownOf(name: string, value: string): string {
  if (SECRETS.has(name) && value !== '') return '(set)'
  return name === 'KITH_STORE' ? value.replaceAll(/\/\/[^/\s]*@/g, '//…@') : value
}

export async function checkConfig({ config, given }: CommandInput): Promise<string> {
  const rows = given.map(({ name, value, origin }) => `${name}=${shownOf(name, value)}`.padEnd(60).concat(` # ${origin}`))
  const isTurnSecretSet = given.some(({ name, value }) => name === 'KITH_TURN_SECRET' && value !== '')
  const onTurn = adviceOnTurn(config.turn, isTurnSecretSet)
  const advice = [...adviceOn(config), ...onTurn, ...(config.store === undefined ? [] : await adviceOnStore(config.store))]
  return [...rows, '', ...(advice.length === 0 ? ['No problems found.'] : advice.map((line) => `- ${line}`))].join('\n')
}

function adviceOn({ publicUrl, host, forwardedFor, proxies, dist, metricsToken }: Config): readonly string[] {
  const isLocal = host === '127.0.0.1' || host === '::1'
  const advice: readonly (string | false)[] = [
    publicUrl === undefined && 'KITH_PUBLIC_URL is not set: invite links carry whatever address the page was opened at',
    publicUrl?.startsWith('http:') === true && 'KITH_PUBLIC_URL is not https: browsers give keys and WebRTC to secure pages only',
    publicUrl !== undefined &&
      isLocal &&
      forwardedFor === 'ignore' &&
      'only this machine reaches the port, so a proxy is in front: with KITH_FORWARDED_FOR=last each visitor has limits of their own',
    !isLocal &&
      forwardedFor === 'last' &&
      proxies.join() === NEAR.join() &&
      'KITH_FORWARDED_FOR=last is believed from every private address: name your proxy in KITH_PROXIES, or let only it reach the port',
    !existsSync(join(dist, 'index.html')) && `there is no page in ${dist}: run "npm run build", or set KITH_DIST`,
    metricsToken === undefined && 'KITH_METRICS_TOKEN is not set: there is no /metrics',
  ]
  return advice.filter((line) => line !== false)
}

async function adviceOnStore({ servers, access, replicas }: StoreServers): Promise<readonly string[]> {
  const { lookAtStore } = await import('../storage/redis/storage.ts')
  try {
    const { refusals, warnings } = await lookAtStore({ servers, access, replicas })
    return [...refusals.map((refusal) => `the relay will not start: ${refusal}`), ...warnings]
  } catch (error) {
    return [`KITH_STORE: ${messageOf(error)}`]
  }
}
