// `kith-relay check-config`: what is set, where it comes from, and what an operator would want to know before anybody else finds out.

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../config.ts'
import type { CommandInput } from './run.ts'

const SECRET = 'KITH_METRICS_TOKEN'

export async function checkConfig({ config, given }: CommandInput): Promise<string> {
  const rows = given.map(({ name, value, origin }) => {
    const shown = name === SECRET && value !== '' ? '(set)' : value
    return `${name}=${shown}`.padEnd(60).concat(` # ${origin}`)
  })
  const advice = adviceOn(config)
  return [...rows, '', ...(advice.length === 0 ? ['No problems found.'] : advice.map((line) => `- ${line}`))].join('\n')
}

function adviceOn({ publicUrl, host, forwardedFor, dist, metricsToken }: Config): readonly string[] {
  const isLocal = host === '127.0.0.1' || host === '::1'
  const advice: readonly (string | false)[] = [
    publicUrl === undefined && 'KITH_PUBLIC_URL is not set: invite links carry whatever address the page was opened at',
    publicUrl?.startsWith('http:') === true && 'KITH_PUBLIC_URL is not https: browsers give keys and WebRTC to secure pages only',
    publicUrl !== undefined &&
      isLocal &&
      forwardedFor === 'ignore' &&
      'only this machine reaches the port, so a proxy is in front: with KITH_FORWARDED_FOR=last each visitor has limits of their own',
    !isLocal && forwardedFor === 'last' && 'KITH_FORWARDED_FOR=last is believed from whoever reaches the port: let only the proxy reach it',
    !existsSync(join(dist, 'index.html')) && `there is no page in ${dist}: run "npm run build", or set KITH_DIST`,
    metricsToken === undefined && 'KITH_METRICS_TOKEN is not set: there is no /metrics',
  ]
  return advice.filter((line) => line !== false)
}
