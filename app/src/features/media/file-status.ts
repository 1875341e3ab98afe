// Where one file is, as far as this page knows. The engine lists those that are on their way; until it has done so, nothing is known of any.

import type { AttachmentView, FileView } from '@kith/protocol'

/** `isLate`: it takes so long that it is put into words. */
export type FileStates =
  | { readonly kind: 'unknown'; readonly isLate?: true }
  | { readonly kind: 'known'; readonly views: ReadonlyMap<string, FileView> }
/** `here`: it is where it belongs. */
export type FileStatus = FileView | { readonly state: 'here' } | { readonly state: 'unknown'; readonly isLate?: true | undefined }
export type StatusName = FileStatus['state']

export const UNKNOWN_STATES: FileStates = { kind: 'unknown' }
export const LATE_STATES: FileStates = { kind: 'unknown', isLate: true }
const HERE: FileStatus = { state: 'here' }

/** `key`: message/item. */
export const statusOf = (states: FileStates, key: string): FileStatus =>
  states.kind === 'unknown' ? { state: 'unknown', isLate: states.isLate } : (states.views.get(key) ?? HERE)

/** How much of it is where it is to go, bytes; undefined while that is not known. */
export const doneOf = (status: FileStatus, { size }: Pick<AttachmentView, 'size'>): number | undefined => {
  if (status.state === 'unknown') return undefined
  return 'done' in status ? status.done : size
}

/** What the hooks call it. */
export const toHookState = (state: StatusName): 'unknown' | 'waiting' | 'moving' | 'here' | 'failed' => {
  switch (state) {
    case 'unknown':
    case 'here':
      return state
    case 'full':
      return 'failed'
    case 'comes':
    case 'goes':
    case 'leaves':
    case 'sealing':
      return 'moving'
    case 'offered':
    case 'waits':
    case 'paused':
    case 'removed':
    case 'ready':
    case 'left':
      return 'waiting'
  }
}

/** Whether it is on this device, whatever becomes of it elsewhere. */
export const isOnThisDevice = (state: StatusName): boolean => ['here', 'ready', 'leaves', 'left', 'goes'].includes(state)

/** Whether somebody can have it come. */
export const canAskFor = (state: StatusName): boolean => ['offered', 'paused', 'removed', 'full'].includes(state)
