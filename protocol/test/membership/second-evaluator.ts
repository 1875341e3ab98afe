// A second evaluator of a group's members, recursive and straight from the specification (docs/protocol.md §11), for comparison in tests. It asks
// each question anew, bounded by a rank: what has to be known to answer it lies in the past of the entry that it is about, or among seniors.

import { ROLES } from '../../src/membership/types.ts'
import type { AccountId, ConversationId, EntryId } from '../../src/bytes/ids.ts'
import type { Act, ControlEntry, Evaluate, Evaluation, GrantName, History, Role } from '../../src/membership/types.ts'

const WEIGHT_MAX = 10_000

type Rank = { readonly role: number; readonly depth: number; readonly entry: string; readonly index: number }
type Grant = Rank & { readonly entry: EntryId; readonly account: AccountId }

/** Junior to every grant, and junior to those of owners and admins alone. */
const LAST: Rank = { role: 9, depth: 0, entry: '', index: 0 }
const FIRST_MEMBER: Rank = { role: 2, depth: -1, entry: '', index: 0 }

const isSenior = (a: Rank, b: Rank): boolean => {
  if (a.role !== b.role) return a.role < b.role
  if (a.depth !== b.depth) return a.depth < b.depth
  if (a.entry !== b.entry) return a.entry < b.entry
  return a.index < b.index
}

const roleNumber = (role: Role): number => ROLES.indexOf(role)

function weightOf(act: Act): number {
  if (act.kind === 'grant' || act.kind === 'remove') return act.items.length
  return act.kind === 'leave' || act.kind === 'resign' ? 0 : 1
}

/** Whom an act gives a role to, in order. */
function given({ act, author }: ControlEntry): readonly { readonly account: AccountId; readonly role: number }[] {
  switch (act.kind) {
    case 'create-group':
      return [{ account: author, role: 0 }]
    case 'grant':
      return act.items.map(({ account, role }) => ({ account, role: roleNumber(role) }))
    case 'demote':
      return [{ account: act.account, role: roleNumber(act.role) }]
    case 'let-in':
      return [{ account: act.account, role: 2 }]
    case 'resign':
      return [{ account: author, role: roleNumber(act.role) }]
    default:
      return []
  }
}

function named({ act }: ControlEntry): readonly AccountId[] {
  if (act.kind === 'grant' || act.kind === 'remove') return act.items.map(({ account }) => account)
  return act.kind === 'demote' || act.kind === 'let-in' ? [act.account] : []
}

const isEnough = (act: Act, role: number): boolean => {
  if (act.kind === 'resign') return role < roleNumber(act.role)
  if (act.kind === 'let-in') return true
  return act.kind === 'grant' && act.items.some((item) => item.role === 'owner') ? role === 0 : role <= 1
}

/** With what the history was for whoever wrote each of the entries that count. */
type Whole = Evaluation & { readonly histories: ReadonlyMap<EntryId, History> }

export const evaluate: Evaluate = (conversation, entries) => evaluateWhole(conversation, entries)

export function evaluateWhole(conversation: ConversationId, entries: readonly ControlEntry[]): Whole {
  const all = new Map<EntryId, ControlEntry>(entries.map((entry) => [entry.id, entry]))

  const pasts = new Map<EntryId, ReadonlySet<EntryId> | undefined>()
  /** Undefined where something in it is not known. */
  function pastOf(id: EntryId): ReadonlySet<EntryId> | undefined {
    if (pasts.has(id)) return pasts.get(id)
    pasts.set(id, undefined)
    const past = new Set<EntryId>()
    for (const before of all.get(id)?.past ?? []) {
      const further = all.has(before) ? pastOf(before) : undefined
      if (further === undefined) return undefined
      past.add(before)
      for (const each of further) past.add(each)
    }
    pasts.set(id, past)
    return past
  }

  const counts = new Map<EntryId, boolean>()
  function isCounted(id: EntryId): boolean {
    const known = counts.get(id)
    if (known !== undefined) return known
    counts.set(id, false)
    const entry = all.get(id)
    const past = pastOf(id)
    const answer =
      entry !== undefined &&
      past !== undefined &&
      (id === (conversation as string)
        ? entry.act.kind === 'create-group' && past.size === 0 && entry.act.account === entry.author
        : past.size > 0 && [...past].every(isCounted))
    counts.set(id, answer)
    return answer
  }
  const counted = [...all.values()].filter(({ id }) => isCounted(id))
  const isBefore = (earlier: EntryId, later: EntryId): boolean => pastOf(later)?.has(earlier) === true

  const usesOf = (link: EntryId): number => {
    const opener = all.get(link)?.act
    return opener?.kind === 'open-link' ? opener.uses : 0
  }

  /** How many entries in the past of a `let-in` let somebody in by the same link. */
  const lettersBefore = ({ id }: ControlEntry, link: EntryId): number =>
    [...(pastOf(id) ?? [])].map((each) => all.get(each)?.act).filter((act) => act?.kind === 'let-in' && act.link === link).length

  /** Refused, whatever the authority; apart from what a `let-in` depends on. */
  function isBarred(entry: ControlEntry): boolean {
    const { act, author, id, weightBefore } = entry
    if (weightOf(act) !== 0 && weightBefore + weightOf(act) > WEIGHT_MAX) return true
    if (act.kind === 'create-group') return id !== (conversation as string)
    if (act.kind === 'close-link' || act.kind === 'let-in')
      if (all.get(act.link)?.act.kind !== 'open-link' || !isBefore(act.link, id)) return true
    if (act.kind === 'let-in' && lettersBefore(entry, act.link) >= usesOf(act.link)) return true
    return named(entry).includes(author)
  }

  const authorities = new Map<string, Grant | undefined>()
  /** The authority of an entry, if that is senior to `bound`. */
  function authorityOf(entry: ControlEntry, bound: Rank): Grant | undefined {
    const key = `${entry.id} ${bound.role} ${bound.depth} ${bound.entry} ${bound.index}`
    if (authorities.has(key)) return authorities.get(key)
    const answer = findAuthority(entry, bound)
    authorities.set(key, answer)
    return answer
  }

  function findAuthority(entry: ControlEntry, bound: Rank): Grant | undefined {
    const { act, author, id } = entry
    if (act.kind === 'create-group' || act.kind === 'leave' || isBarred(entry)) return undefined
    if (act.kind === 'let-in' && !opensFor(act.link, entry)) return undefined
    const makers = counted.filter((maker) => isBefore(maker.id, id))
    return makers
      .flatMap((maker) => grantsOf(maker, author, bound))
      .filter(({ role }) => isEnough(act, role))
      .toSorted((a, b) => (isSenior(a, b) ? -1 : 1))
      .find((grant) => !strikers(grant).some((strike) => strike.id !== id && !isBefore(id, strike.id)))
  }

  /** What an entry gives to an account, as far as that is senior to `bound`: what it rests on is senior to that too. */
  function grantsOf(maker: ControlEntry, account: AccountId, bound: Rank): readonly Grant[] {
    const to = given(maker).flatMap((item, index) =>
      item.account === account && isSenior({ role: item.role, depth: 0, entry: '', index: 0 }, bound) ? [{ ...item, index }] : [],
    )
    if (to.length === 0 || isBarred(maker)) return []
    const authority = maker.act.kind === 'create-group' ? undefined : authorityOf(maker, bound)
    if (authority === undefined && maker.act.kind !== 'create-group') return []
    const depth = authority === undefined ? 0 : authority.depth + 1
    return to.map((item) => ({ ...item, depth, entry: maker.id })).filter((grant) => isSenior(grant, bound))
  }

  const struckBy = new Map<string, readonly ControlEntry[]>()
  /** All that strike a grant, whoever knows of them. */
  function strikers(grant: Grant): readonly ControlEntry[] {
    const key = `${grant.entry} ${grant.index} ${grant.depth}`
    const known = struckBy.get(key)
    if (known !== undefined) return known
    const answer = counted.filter((strike) => strikes(strike, grant))
    struckBy.set(key, answer)
    return answer
  }

  function strikes(strike: ControlEntry, grant: Grant): boolean {
    const { act, author, id } = strike
    const isOwn = act.kind === 'leave' || act.kind === 'resign'
    const isOn = isOwn
      ? author === grant.account
      : (act.kind === 'remove' || act.kind === 'demote') && named(strike).includes(grant.account)
    if (!isOn || isBarred(strike) || id === grant.entry) return false
    if ((act.kind === 'demote' || act.kind === 'resign') && grant.role >= roleNumber(act.role)) return false
    const comesBack = act.kind === 'remove' && all.get(grant.entry)?.act.kind === 'let-in'
    if (!comesBack && isBefore(id, grant.entry)) return false
    return isOwn || authorityOf(strike, grant) !== undefined
  }

  /** Whether a link is there for who lets somebody in. Everything that counts here has an owner or admin behind it. */
  function opensFor(link: EntryId, letIn: ControlEntry): boolean {
    const opener = all.get(link)
    const authority = opener && authorityOf(opener, FIRST_MEMBER)
    if (authority === undefined) return false
    if (strikers(authority).some((strike) => strike.id !== letIn.id && !isBefore(letIn.id, strike.id))) return false
    return closersOf(link).every((closer) => isBefore(letIn.id, closer.id))
  }

  const closersOf = (link: EntryId): readonly ControlEntry[] =>
    counted.filter((entry) => entry.act.kind === 'close-link' && entry.act.link === link && authorityOf(entry, FIRST_MEMBER) !== undefined)

  const accepted = new Map<EntryId, GrantName | undefined>()
  const behind = new Map<EntryId, Grant>()
  for (const entry of counted) {
    if (isBarred(entry)) continue
    const authority = authorityOf(entry, LAST)
    if (authority !== undefined) behind.set(entry.id, authority)
    if (authority !== undefined || entry.act.kind === 'create-group' || entry.act.kind === 'leave' || entry.act.kind === 'resign')
      accepted.set(entry.id, authority && { entry: authority.entry, index: authority.index })
  }

  const members = new Map<AccountId, Role>()
  for (const account of new Set(counted.flatMap((entry) => given(entry).map((item) => item.account)))) {
    const held = counted.flatMap((maker) => grantsOf(maker, account, LAST)).filter((grant) => strikers(grant).length === 0)
    if (held.length > 0) members.set(account, ROLES[Math.min(...held.map(({ role }) => role))] as Role)
  }

  const links = counted.filter(({ id, act }) => {
    const authority = act.kind === 'open-link' ? behind.get(id) : undefined
    return authority !== undefined && strikers(authority).length === 0 && closersOf(id).length === 0
  })

  const settings = counted.filter(({ id, act }) => act.kind === 'set-history' && accepted.has(id))
  function settingAmong(some: readonly ControlEntry[]): History {
    const [setting] = some
      .filter(({ id }) => !some.some((other) => isBefore(id, other.id)))
      .toSorted((a, b) => {
        const [first, second] = [behind.get(a.id) as Grant, behind.get(b.id) as Grant]
        if (isSenior(first, second)) return -1
        return isSenior(second, first) || a.id > b.id ? 1 : -1
      })
    return setting?.act.kind === 'set-history' ? setting.act.history : 'none'
  }
  const histories = new Map(counted.map(({ id }) => [id, settingAmong(settings.filter((setting) => isBefore(setting.id, id)))]))

  return {
    counted: new Set(counted.map(({ id }) => id)),
    accepted,
    members,
    history: settingAmong(settings),
    links: new Set(links.map(({ id }) => id)),
    histories,
  }
}
