// The page's one Trusted Types policy: which scripts may be started by address. The server's header refuses every other policy.

type Policy = { createScriptURL(url: string): unknown }
type PolicyFactory = { createPolicy(name: string, rules: { createScriptURL(url: string): string }): Policy }

/** The engine's worker (built, or as Vite serves it) and the service worker, nothing else. */
const STARTABLE = /^\/(?:sw\.js|(?:assets|src)\/[\w./-]+\.(?:js|ts))$/

/** Throws on anything that is not a script of ours. */
export function assertStartable(url: string, origin: string): string {
  const { origin: from, pathname } = new URL(url, origin)
  if (from !== origin || !STARTABLE.test(pathname)) throw new TypeError('not a script of this page')
  return url
}

let policy: Policy | undefined

/** For `new Worker` and `serviceWorker.register`. The type says string, as the DOM's types do; where the browser enforces, it is more. */
export function trustedScript(url: string): string {
  const rules = { createScriptURL: (candidate: string) => assertStartable(candidate, location.origin) }
  const factory = (globalThis as { readonly trustedTypes?: PolicyFactory }).trustedTypes
  if (factory === undefined) return rules.createScriptURL(url)
  policy ??= factory.createPolicy('kith', rules)
  return policy.createScriptURL(url) as string
}
